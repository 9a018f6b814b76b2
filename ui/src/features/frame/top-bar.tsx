/** The top bar: branch, the search field that is always there, who is at the desk, lock. */
import { LockOutlined, SearchOutlined, UserOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { useSession } from "@/lib/session";

interface TopBarProps {
  onSearch: () => void;
  onLock: () => void;
  onChangeUser: () => void;
}

/** The 48 px at the top. */
export function TopBar({ onSearch, onLock, onChangeUser }: TopBarProps) {
  const { t } = useTranslation("frame");
  const session = useSession();
  return (
    <header className="frame-top">
      <div className="top-branch" title={`${session.branch_code} ${session.branch_name}`}>
        <strong className="cut">{session.branch_name}</strong>
        <span className="quiet figures">{session.branch_code}</span>
      </div>
      <button type="button" className="top-search" onClick={onSearch} data-testid="top-search">
        <SearchOutlined />
        <span className="cut">{t("search")}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div className="top-who">
        <Dropdown
          trigger={["click"]}
          menu={{
            items: [
              { key: "role", label: t(`common:role.${session.role}`), disabled: true },
              { type: "divider" },
              {
                key: "change",
                label: <span data-testid="who-change">{t("changeUser")}</span>,
                onClick: onChangeUser,
              },
              { key: "lock", label: t("lock"), extra: "Ctrl L", onClick: onLock },
            ],
          }}
        >
          <Button type="text" icon={<UserOutlined />} data-testid="top-who">
            {session.display_name}
          </Button>
        </Dropdown>
        <Button
          type="text"
          icon={<LockOutlined />}
          onClick={onLock}
          title={t("lockHint")}
          aria-label={t("lock")}
          data-testid="top-lock"
        />
      </div>
    </header>
  );
}
