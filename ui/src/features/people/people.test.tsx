import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import Person from "@/features/people";
import Policy from "@/features/policies";
import type { PartyView, PolicyView } from "@/lib/desk";
import { clerk, mockDesk, refusal, renderDesk } from "@/test/mock-desk";

const policy: PolicyView = {
  id: "p1",
  no: "P1",
  product_code: "MV-01",
  product_name: "机动车商业保险",
  template: "motor-own-damage",
  holder: "王建国",
  insured: "王建国",
  plate: "沪A12345",
  vin: null,
  inception: "2026-03-01",
  expiry: "2027-02-28",
  sum_insured: "186500.00",
  status: "in_force",
  verified: false,
};
const party: PartyView = {
  id: "x1",
  kind: "person",
  name: "王建国",
  id_type: "resident-id",
  id_no_masked: "310***********0017",
  mobile_masked: "138****5678",
  birth: "1980-05-01",
  address: null,
  claims: [],
  policies: [policy],
};

describe("a person", () => {
  it("is masked until a reason is given, and the reason reaches the desk", async () => {
    const calls = mockDesk({ party_get: party, party_reveal: "310104198005010017" });
    renderDesk(<Person />, { path: "/people/x1", route: "/people/:id" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.click(await screen.findByTestId("reveal-id_no"));
    expect(screen.getByTestId("masked-id_no").textContent).toBe("310***********0017");
    await user.type(await screen.findByTestId("reveal-reason"), "客户本人要求核对{Enter}");
    await waitFor(() => expect(screen.getByTestId("masked-id_no").textContent).toBe("310104198005010017"));
    expect(screen.getByTestId("masked-mobile").textContent).toBe("138****5678");
    expect(calls.find((call) => call.command === "party_reveal")?.args).toEqual({
      claimId: null,
      partyId: "x1",
      field: "id_no",
      reason: "客户本人要求核对",
    });
    await user.click(screen.getByTestId("hide-id_no"));
    await waitFor(() => expect(screen.getByTestId("masked-id_no").textContent).toBe("310***********0017"));
  });

  it("stays masked when the desk refuses the reason", async () => {
    mockDesk({
      party_get: party,
      party_reveal: () => {
        throw refusal("access.reason-missing", "请写明理由（至少两个字）。", "reason");
      },
    });
    renderDesk(<Person />, { path: "/people/x1", route: "/people/:id" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    await user.click(await screen.findByTestId("reveal-mobile"));
    await user.type(await screen.findByTestId("reveal-reason"), "x{Enter}");
    expect(await screen.findByText("请写明理由（至少两个字）。")).toBeTruthy();
    expect(screen.getByTestId("masked-mobile").textContent).toBe("138****5678");
  });

  it("offers no eye to whoever may not look", async () => {
    mockDesk({ party_get: party });
    renderDesk(<Person />, {
      path: "/people/x1",
      route: "/people/:id",
      session: { ...clerk, rights: ["claim_read"] },
    });
    await screen.findByTestId("masked-id_no");
    expect(screen.queryByTestId("reveal-id_no")).toBeNull();
    expect(screen.queryByTestId("person-take-claim")).toBeNull();
  });
});

describe("a policy", () => {
  it("says that it is unverified, and starts a claim from itself", async () => {
    mockDesk({ policy_get: policy, claim_list: { total: 0, rows: [] } });
    const { router } = renderDesk(<Policy />, { path: "/policies/P1", route: "/policies/:no" });
    const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
    expect(await screen.findByTestId("policy-unverified")).toBeTruthy();
    await user.click(screen.getByTestId("policy-take-claim"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/visit/new"));
    expect(router.state.location.state).toEqual({
      hit: { kind: "policy", id: "p1", no: "P1", title: "P1", subtitle: "机动车商业保险" },
    });
  });
});
