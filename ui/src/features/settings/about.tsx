/** Version, device and the head of the operation chain, to read out on the phone. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { desk } from "@/lib/desk";
import { useProfile } from "@/lib/profile";
import { useSession } from "@/lib/session";

/** The facts of this desk. */
export function About() {
  const { t } = useTranslation("settings");
  const session = useSession();
  const profile = useProfile();
  const status = useQuery({ queryKey: ["status"], queryFn: () => desk.statusLine() });
  const facts: [string, string][] = [
    ["version", profile.data?.version ?? "—"],
    ["branch", `${session.branch_name} ${session.branch_code}`],
    ["device", status.data?.device_code ?? "—"],
    ["chain", status.data?.chain_head ?? "—"],
  ];
  return (
    <section className="panel panel-body">
      <dl className="facts">
        {facts.map(([key, value]) => (
          <div key={key}>
            <dt>{t(`about.${key}`)}</dt>
            <dd data-testid={`about-${key}`}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
