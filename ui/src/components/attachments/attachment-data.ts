// The bytes of a stored attachment, read when a viewer needs them.

import { useQuery } from "@tanstack/react-query";
import { desk } from "@/lib/desk";

export const isImage = (mime: string): boolean => /^image\/(png|jpeg|webp|gif|bmp)$/.test(mime);

/** Bytes of an attachment, forgotten a minute after nothing shows them. */
export function useAttachmentData(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ["attachment", id],
    queryFn: () => desk.attachmentRead(id),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}
