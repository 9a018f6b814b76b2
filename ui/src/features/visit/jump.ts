// From a field's path to the field on the screen, and the focus into it.

const FOCUSABLE = 'input:not([type="hidden"]):not([tabindex="-1"]), textarea, select, button, [tabindex="0"]';

function holderOf(root: ParentNode, path: string): HTMLElement | null {
  const holders = [...root.querySelectorAll<HTMLElement>("[data-field]")];
  return (
    holders.find((holder) => holder.dataset.field === path) ??
    holders.find((holder) => holder.dataset.field?.startsWith(`${path}.`)) ??
    null
  );
}

/** Focuses the field of the path, or the nearest that is shown: `parties.0.authority` leads to its first part. */
export function focusField(path: string, root: ParentNode = document): boolean {
  let wanted = path;
  while (wanted !== "") {
    const holder = holderOf(root, wanted);
    const target = holder?.querySelector<HTMLElement>(FOCUSABLE);
    if (holder && target) {
      holder.scrollIntoView({ block: "center" });
      target.focus();
      return true;
    }
    wanted = wanted.includes(".") ? wanted.slice(0, wanted.lastIndexOf(".")) : "";
  }
  return false;
}

/** Focuses the first field inside an element. */
export function focusFirst(root: HTMLElement | null): void {
  root?.querySelector<HTMLElement>(FOCUSABLE)?.focus();
}

/** The step a refusal's field belongs to. */
export function stepOfField(path: string): "form" | "documents" {
  return path.startsWith("documents.") || path.startsWith("attachments") ? "documents" : "form";
}
