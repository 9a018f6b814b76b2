/** Folds the rail to its icons and back. */
import { DoubleLeftOutlined, DoubleRightOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";

/** The button at the foot of the rail. */
export function RailToggle({ narrow, onToggle }: { narrow: boolean; onToggle: () => void }) {
  const { t } = useTranslation("frame");
  const label = t(narrow ? "railWiden" : "railNarrow");
  return (
    <button
      type="button"
      className="rail-item rail-toggle"
      onClick={onToggle}
      title={label}
      aria-label={label}
      data-testid="rail-toggle"
    >
      {narrow ? <DoubleRightOutlined /> : <DoubleLeftOutlined />}
      <span className="rail-text">{label}</span>
    </button>
  );
}
