// 受理: one page from the question who is here to the receipt in the customer's hand.

import { useParams } from "react-router";
import { DraftVisit } from "./DraftVisit";
import { NewVisit } from "./NewVisit";
import "@/components/schema-form/schema-form.css";
import "./visit.css";

export default function VisitScreen() {
  const { draftId } = useParams();
  return draftId && draftId !== "new" ? <DraftVisit key={draftId} draftId={draftId} /> : <NewVisit />;
}
