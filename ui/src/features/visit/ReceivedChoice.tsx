// How a paper was received: five buttons in a row, moved between by the arrow keys.

import { Radio } from "antd";
import { useTranslation } from "react-i18next";
import { RECEIVED, type Received } from "./documents";

type Props = {
  name: string;
  label: string;
  testId: string;
  value: Received;
  disabled?: boolean;
  onChange: (received: Received) => void;
};

export function ReceivedChoice({ name, label, testId, value, disabled = false, onChange }: Props) {
  const { t } = useTranslation("visit");
  return (
    <Radio.Group
      buttonStyle="solid"
      name={name}
      value={value}
      disabled={disabled}
      aria-label={label}
      onChange={(event) => onChange(event.target.value as Received)}
    >
      {RECEIVED.map((received) => (
        <Radio.Button key={received} value={received} data-testid={`${testId}-${received}`}>
          {t(`received.${received}`)}
        </Radio.Button>
      ))}
    </Radio.Group>
  );
}
