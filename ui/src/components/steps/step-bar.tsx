/** The steps of a file: those in sight as buttons, the others in the list behind them. */
import { Button, Dropdown } from "antd";
import { type Step, useText } from "@/lib/desk";

type Props = {
  shown: Step[];
  more: Step[];
  /** What the list of the others is called. */
  others: string;
  /** Why none can be taken now: refused in the core as well; here it is only said before the click. */
  waiting: string | null;
  onStep: (step: Step) => void;
};

export function StepBar({ shown, more, others, waiting, onStep }: Props) {
  const text = useText();
  return (
    <>
      <span className="row-end" />
      {shown.map((step) => (
        <Button
          key={step.command}
          type={step.primary ? "primary" : "default"}
          disabled={waiting !== null}
          title={waiting ?? undefined}
          onClick={() => onStep(step)}
          data-testid={`step-${step.command}`}
        >
          {text(step.label)}
        </Button>
      ))}
      {more.length > 0 && (
        <Dropdown
          trigger={["click"]}
          disabled={waiting !== null}
          menu={{
            items: more.map((step) => ({
              key: step.command,
              label: <span data-testid={`step-${step.command}`}>{text(step.label)}</span>,
            })),
            onClick: ({ key }) => {
              const step = more.find((each) => each.command === key);
              if (step) onStep(step);
            },
          }}
        >
          <Button disabled={waiting !== null} data-testid="steps-more">
            {others}
          </Button>
        </Dropdown>
      )}
    </>
  );
}
