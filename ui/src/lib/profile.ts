/** The state of the profile on this computer: absent, locked, ready or unreadable. */
import { useQuery } from "@tanstack/react-query";
import { desk } from "@/lib/desk";

export const PROFILE_KEY = ["profile"] as const;

/** The profile's state, asked once and again after set-up and unlocking. */
export function useProfile() {
  return useQuery({
    queryKey: PROFILE_KEY,
    queryFn: () => desk.profileStatus(),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
