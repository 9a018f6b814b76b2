/** 设置: accounts, the branch, backups, looks, templates, about. */
import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { useMay } from "@/lib/session";
import { About } from "./about";
import { Accounts } from "./accounts";
import { Backup } from "./backup";
import { Branch } from "./branch";
import { Looks } from "./looks";
import { Templates } from "./templates";

/** The settings screen. */
export default function Settings() {
  const { t } = useTranslation("settings");
  const may = useMay();
  const tab = (key: string) => <span data-testid={`settings-tab-${key}`}>{t(`tab.${key}`)}</span>;
  return (
    <div className="screen" data-testid="settings">
      <h1>{t("title")}</h1>
      <Tabs
        items={[
          { key: "looks", label: tab("looks"), children: <Looks /> },
          ...(may("accounts") ? [{ key: "accounts", label: tab("accounts"), children: <Accounts /> }] : []),
          ...(may("settings") ? [{ key: "branch", label: tab("branch"), children: <Branch /> }] : []),
          ...(may("settings") ? [{ key: "backup", label: tab("backup"), children: <Backup /> }] : []),
          { key: "templates", label: tab("templates"), children: <Templates /> },
          { key: "about", label: tab("about"), children: <About /> },
        ]}
      />
    </div>
  );
}
