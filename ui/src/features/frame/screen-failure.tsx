/** What stands in the place of a screen that broke: words, and a way on. The frame around it keeps working. */
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

/** Shown by the router when a screen throws while it is drawn. */
export function ScreenFailure() {
  const { t } = useTranslation("frame");
  const navigate = useNavigate();
  return (
    <div className="screen stack" role="alert" data-testid="screen-failure">
      <h1>{t("broken.title")}</h1>
      <p>{t("broken.kept")}</p>
      <div className="row">
        <Button
          type="primary"
          onClick={() => void navigate("/", { replace: true })}
          data-testid="screen-failure-home"
        >
          {t("broken.home")}
        </Button>
        <Button onClick={() => window.location.reload()} data-testid="screen-failure-reload">
          {t("broken.reload")}
        </Button>
      </div>
    </div>
  );
}
