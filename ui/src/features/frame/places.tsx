/** The places of the desk, in the order of the rail, and who may go there. */
import {
  FileAddOutlined,
  FolderOpenOutlined,
  HomeOutlined,
  MessageOutlined,
  SettingOutlined,
  SyncOutlined,
  UploadOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import type { Right } from "@/lib/desk";

export interface Place {
  /** Names the text `frame:place.<id>` and the test id `rail-<id>`. */
  id: "home" | "visit" | "claims" | "complaints" | "import" | "sync" | "settings";
  path: string;
  icon: ReactNode;
  right: Right | null;
}

export const PLACES: readonly Place[] = [
  { id: "home", path: "/", icon: <HomeOutlined />, right: null },
  { id: "visit", path: "/visit/new", icon: <FileAddOutlined />, right: "claim_register" },
  { id: "claims", path: "/claims", icon: <FolderOpenOutlined />, right: "claim_read" },
  { id: "complaints", path: "/complaints", icon: <MessageOutlined />, right: "complaint_read" },
  { id: "import", path: "/import", icon: <UploadOutlined />, right: "import" },
  { id: "sync", path: "/sync", icon: <SyncOutlined />, right: null },
  { id: "settings", path: "/settings", icon: <SettingOutlined />, right: null },
];

/** The place a path lies in. */
export function placeOf(path: string): Place["id"] | null {
  if (path === "/") return "home";
  const first = path.split("/")[1] ?? "";
  if (first === "people" || first === "policies") return null;
  return PLACES.find((place) => place.path.split("/")[1] === first)?.id ?? null;
}
