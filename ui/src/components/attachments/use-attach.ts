// Adding files to a draft or a claim one after the other: each is refused or stored with its own sentence.

import { useCallback, useState } from "react";
import { fileToBase64 } from "@/lib/base64";
import { type AttachmentRow, type DeskFailure, desk, toFailure } from "@/lib/desk";
import { type FileRefusal, refusalOf } from "./bytes";

type AttachProblem = { name: string; refusal: FileRefusal | null; failure: DeskFailure | null };
export type Attach = {
  busy: string | null;
  problems: AttachProblem[];
  add: (files: File[], documentId: string | null) => Promise<void>;
  forget: () => void;
};

export function useAttach(owner: string, onAdded: (row: AttachmentRow) => void): Attach {
  const [busy, setBusy] = useState<string | null>(null);
  const [problems, setProblems] = useState<AttachProblem[]>([]);
  const add = useCallback(
    async (files: File[], documentId: string | null) => {
      setProblems([]);
      for (const file of files) {
        const refusal = refusalOf(file);
        if (refusal) {
          setProblems((known) => [...known, { name: file.name, refusal, failure: null }]);
          continue;
        }
        setBusy(file.name);
        let data: string;
        try {
          data = await fileToBase64(file);
        } catch {
          setProblems((known) => [...known, { name: file.name, refusal: "unreadable", failure: null }]);
          continue;
        }
        try {
          onAdded(await desk.attachmentAdd(owner, documentId, file.name, data));
        } catch (thrown) {
          setProblems((known) => [...known, { name: file.name, refusal: null, failure: toFailure(thrown) }]);
        }
      }
      setBusy(null);
    },
    [owner, onAdded],
  );
  return { busy, problems, add, forget: useCallback(() => setProblems([]), []) };
}
