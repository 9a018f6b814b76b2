// A date or a moment, typed in any usual way, with a small calendar for those who would rather point.

import { CalendarOutlined } from "@ant-design/icons";
import { Button, Calendar, Input, Popover, Space } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { parseDate, parseDateTime, showDateTime, today } from "./dates";

type Props = {
  id: string;
  value: string;
  withTime: boolean;
  invalid: boolean;
  describedBy: string | undefined;
  onChange: (text: string) => void;
  onBlur: () => void;
  onFocus: () => void;
};

export function DateText({ id, value, withTime, invalid, describedBy, onChange, onBlur, onFocus }: Props) {
  const { t } = useTranslation("forms");
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? showDateTime(value);
  const day = withTime
    ? (parseDateTime(value)?.slice(0, 10) ?? parseDate(value.slice(0, 10)))
    : parseDate(value);
  const pick = (picked: string): void => {
    const time = parseDateTime(value)?.slice(11, 16);
    setTyped(null);
    setOpen(false);
    onChange(withTime ? `${picked} ${time ?? ""}`.trim() : picked);
  };
  return (
    <Space.Compact>
      <Input
        id={id}
        data-testid={id}
        className="sf-code"
        value={shown}
        placeholder={t(withTime ? "placeholder.datetime" : "placeholder.date")}
        status={invalid ? "error" : ""}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        autoComplete="off"
        onFocus={onFocus}
        onChange={(event) => {
          setTyped(event.target.value);
          onChange(event.target.value);
        }}
        onBlur={() => {
          setTyped(null);
          onBlur();
        }}
      />
      <Popover
        open={open}
        onOpenChange={setOpen}
        trigger="click"
        placement="bottomRight"
        content={
          <div className="sf-calendar">
            <Calendar
              fullscreen={false}
              value={dayjs(day ?? today())}
              onSelect={(picked, info) => {
                if (info.source === "date") pick(picked.format("YYYY-MM-DD"));
              }}
            />
          </div>
        }
      >
        <Button
          icon={<CalendarOutlined />}
          tabIndex={-1}
          aria-label={t("calendar")}
          data-testid={`${id}-calendar`}
        />
      </Popover>
    </Space.Compact>
  );
}
