/** Saved views: a name for a filter with its columns, kept with the account. */
import { DeleteOutlined, DownOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Popover } from "antd";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { desk } from "@/lib/desk";
import { type View, viewFrom, viewJson } from "./filter";

const LIST = "claims";
const KEY = ["views", LIST] as const;

/** The button with the views, and the field that saves this one. */
export function SavedViews({ view, onOpen }: { view: View; onOpen: (view: View) => void }) {
  const { t } = useTranslation("claims");
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const views = useQuery({ queryKey: KEY, queryFn: () => desk.viewList(LIST) });
  const refresh = () => client.invalidateQueries({ queryKey: KEY });
  const save = useMutation({
    mutationFn: () => desk.viewSave(LIST, name.trim(), viewJson(view)),
    onSuccess: () => {
      setName("");
      return refresh();
    },
  });
  const remove = useMutation({ mutationFn: (id: string) => desk.viewDelete(id), onSuccess: refresh });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() && !save.isPending) save.mutate();
  };
  const content = (
    <div className="claims-views stack-tight">
      <Failure error={views.error ?? save.error ?? remove.error} testId="views-error" />
      {views.data?.length === 0 && <p className="quiet">{t("viewsEmpty")}</p>}
      <ul>
        {views.data?.map((saved) => (
          <li key={saved.id} className="row">
            <Button
              type="text"
              className="claims-view"
              data-testid={`view-open-${saved.name}`}
              onClick={() => {
                onOpen(viewFrom(saved.filter));
                setOpen(false);
              }}
            >
              <span className="cut">{saved.name}</span>
            </Button>
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined />}
              aria-label={t("viewDelete", { name: saved.name })}
              title={t("viewDelete", { name: saved.name })}
              data-testid={`view-delete-${saved.name}`}
              onClick={() => remove.mutate(saved.id)}
            />
          </li>
        ))}
      </ul>
      <form onSubmit={submit} className="claims-view-save">
        <Input
          placeholder={t("viewName")}
          aria-label={t("viewName")}
          maxLength={40}
          data-testid="view-name"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button htmlType="submit" disabled={!name.trim()} loading={save.isPending} data-testid="view-save">
          {t("common:action.save")}
        </Button>
      </form>
    </div>
  );
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      title={t("views")}
      content={content}
    >
      <Button icon={<DownOutlined />} iconPlacement="end" data-testid="claims-views">
        {t("views")}
      </Button>
    </Popover>
  );
}
