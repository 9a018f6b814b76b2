import { createRoot } from "react-dom/client";
import { Desk } from "@/app";
import "@/lib/i18n";
import "@/theme/page.css";

const root = document.getElementById("root");
if (root) createRoot(root).render(<Desk />);
