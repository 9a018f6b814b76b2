// The badge of a value that another desk's later one replaced: what it was, and who had entered it.

import { Tag, Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import { type ClaimFile, type Language, useText } from "@/lib/desk";
import { formatDateTime } from "@/lib/format";

type Props = {
  file: Pick<ClaimFile, "overridden">;
  kind: string;
  /** A paper's id in the checklist, a file's id; left out where there is one only. */
  place?: string;
  fields: readonly string[];
};

/** Nothing when nothing lost there. */
export function OverriddenValues({ file, kind, place = "", fields }: Props) {
  const { t, i18n } = useTranslation("claim");
  const text = useText();
  const lost = file.overridden.filter(
    (one) => one.kind === kind && one.place === place && fields.includes(one.field),
  );
  return lost.map((one) => {
    const value = text(one.lost);
    const who =
      one.by && one.at
        ? t("overridden.who", { by: one.by, at: formatDateTime(one.at, i18n.language as Language) })
        : null;
    const title = t("overridden.title", { field: text(one.field_name), lost: value });
    return (
      <Tooltip key={one.field} title={who === null ? title : `${title} (${who})`}>
        <Tag color="warning" tabIndex={0} data-testid={`overridden-${kind}-${one.field}`}>
          {t("overridden.badge", { lost: value })}
        </Tag>
      </Tooltip>
    );
  });
}
