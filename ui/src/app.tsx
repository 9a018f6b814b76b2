/** The page: providers, the gate and the routes. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ConfigProvider, Spin } from "antd";
import en from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import zhTW from "antd/locale/zh_TW";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { createHashRouter, Navigate, RouterProvider } from "react-router";
import { Gate } from "@/features/access/gate";
import { Login } from "@/features/access/login";
import { ScreenFailure } from "@/features/frame/screen-failure";
import type { Language } from "@/lib/desk";
import { usePreferences } from "@/lib/preferences";
import { themeOf } from "@/theme/tokens";

// Only the log-in stands in the first file the page reads; who types a password gives the rest time to come.
const frame = () => import("@/features/frame").then(({ Frame }) => ({ default: Frame }));
const home = () => import("@/features/home").then(({ Home }) => ({ default: Home }));
const Setup = lazy(() => import("@/features/access/setup").then(({ Setup }) => ({ default: Setup })));
const Unlock = lazy(() => import("@/features/access/unlock").then(({ Unlock }) => ({ default: Unlock })));
const Frame = lazy(frame);
const Home = lazy(home);
const Visit = lazy(() => import("@/features/visit"));
const Claim = lazy(() => import("@/features/claim"));
const Claims = lazy(() => import("@/features/claims"));
const Complaints = lazy(() => import("@/features/complaints"));
const Complaint = lazy(() => import("@/features/complaints/file"));
const ComplaintIntake = lazy(() => import("@/features/complaints/intake"));
const ComplaintSummary = lazy(() => import("@/features/complaints/summary"));
const Person = lazy(() => import("@/features/people"));
const Policy = lazy(() => import("@/features/policies"));
const Import = lazy(() => import("@/features/import"));
const Sync = lazy(() => import("@/features/sync"));
const Conflict = lazy(() => import("@/features/sync/conflict"));
const Settings = lazy(() => import("@/features/settings"));

/** After the log-in was drawn, before the password is typed. */
const WARM_AFTER_MILLIS = 500;

const client = new QueryClient({
  defaultOptions: {
    // The desk is local: a refusal stays one, and the data change only by what is done here.
    queries: { retry: false, refetchOnWindowFocus: false, networkMode: "always", staleTime: 0 },
    mutations: { retry: false, networkMode: "always" },
  },
});

function later(screen: ReactNode) {
  return <Suspense fallback={<Waiting />}>{screen}</Suspense>;
}

function Waiting() {
  return (
    <div className="centred">
      <Spin />
    </div>
  );
}

// Hash routes: the page is served from the program itself, and a reload must find index.html.
const router = createHashRouter([
  { path: "/setup", element: later(<Setup />), errorElement: <ScreenFailure /> },
  { path: "/unlock", element: later(<Unlock />), errorElement: <ScreenFailure /> },
  { path: "/login", element: <Login />, errorElement: <ScreenFailure /> },
  {
    element: <Gate>{later(<Frame />)}</Gate>,
    errorElement: <ScreenFailure />,
    children: [
      {
        // A broken screen leaves the frame standing.
        errorElement: <ScreenFailure />,
        children: [
          { path: "/", element: later(<Home />) },
          { path: "/visit/new", element: later(<Visit />) },
          { path: "/visit/:draftId", element: later(<Visit />) },
          { path: "/claims", element: later(<Claims />) },
          { path: "/claims/:id", element: later(<Claim />) },
          { path: "/complaints", element: later(<Complaints />) },
          { path: "/complaints/summary", element: later(<ComplaintSummary />) },
          { path: "/complaints/new", element: later(<ComplaintIntake />) },
          { path: "/complaints/:id", element: later(<Complaint />) },
          { path: "/people/:id", element: later(<Person />) },
          { path: "/policies/:no", element: later(<Policy />) },
          { path: "/import", element: later(<Import />) },
          { path: "/sync", element: later(<Sync />) },
          { path: "/sync/conflicts/:id", element: later(<Conflict />) },
          { path: "/settings", element: later(<Settings />) },
          { path: "*", element: <Navigate to="/" replace /> },
        ],
      },
    ],
  },
]);

const WIDGET_TEXT: Record<Language, typeof zhCN> = { "zh-CN": zhCN, "zh-TW": zhTW, en };

/** The whole page. */
export function Desk() {
  const { i18n, t } = useTranslation();
  const { look } = usePreferences();
  useEffect(() => {
    const timer = setTimeout(() => void Promise.all([frame(), home()]), WARM_AFTER_MILLIS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    document.title = t("app");
    document.documentElement.dataset.look = look;
    document.documentElement.style.colorScheme = look === "dark" ? "dark" : "light";
    // Popups and the body itself stand outside the provider and read the same variables.
    document.documentElement.classList.add("desk");
  }, [t, look]);
  return (
    <QueryClientProvider client={client}>
      <ConfigProvider
        theme={themeOf(look)}
        locale={WIDGET_TEXT[i18n.language as Language] ?? zhCN}
        button={{ autoInsertSpace: false }}
        virtual
      >
        <div className="desk-root">
          <RouterProvider router={router} />
        </div>
      </ConfigProvider>
    </QueryClientProvider>
  );
}
