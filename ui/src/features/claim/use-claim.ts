// The file of a claim and the one way to act on it.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ClaimFile, desk, type JsonValue } from "@/lib/desk";

export type Act = { command: string; input: JsonValue };

export function useClaim(id: string) {
  return useQuery({ queryKey: ["claim", id], queryFn: () => desk.claimGet(id), retry: false });
}

/** Does a command and shows the file as it is afterwards. */
export function useAct(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ command, input }: Act) => desk.claimDo(id, command, input),
    onSuccess: (file: ClaimFile) => {
      client.setQueryData(["claim", id], file);
      void client.invalidateQueries({ queryKey: ["home"] });
      void client.invalidateQueries({ queryKey: ["claims"] });
    },
  });
}
