/** The look of the desk, in one place: one accent, quiet surfaces, borders before shadows, tabular figures. */
import { type ThemeConfig, theme } from "antd";

export type Look = "light" | "dark" | "contrast";
export const LOOKS: readonly Look[] = ["light", "dark", "contrast"];

/** Frame sizes in px, shared by layout and virtual lists. */
export const SIZES = { topBar: 48, rail: 176, railNarrow: 48, statusLine: 28, row: 32, form: 960 } as const;

/** Rare names (GB 18030-2022) fall back through the Noto and SimSun extension faces. */
const FONT =
  '"Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "HanaMinB", "SimSun-ExtB", sans-serif';

interface Palette {
  accent: string;
  page: string;
  surface: string;
  raised: string;
  text: string;
  quiet: string;
  faint: string;
  line: string;
  hairline: string;
  /** Faint grounds of marked areas, in the order accent, success, warning, error. */
  grounds: [string, string, string, string];
  success: string;
  warning: string;
  error: string;
}

const PALETTES: Record<Look, Palette> = {
  light: {
    accent: "#1c5d7a",
    page: "#f4f5f6",
    surface: "#ffffff",
    raised: "#ffffff",
    text: "#1d2329",
    quiet: "#525c66",
    faint: "#66707a",
    line: "#c9cfd5",
    hairline: "#e3e7ea",
    grounds: ["#e8f0f4", "#eaf4ed", "#fbf3e0", "#fbecea"],
    success: "#23703f",
    warning: "#8a5a00",
    error: "#b3261e",
  },
  dark: {
    accent: "#6fb3d2",
    page: "#14181b",
    surface: "#1b2024",
    raised: "#23292e",
    text: "#e6eaed",
    quiet: "#aab4bc",
    faint: "#96a1a9",
    line: "#46515a",
    hairline: "#2e363c",
    grounds: ["#1a2a33", "#1c2f23", "#33291a", "#381f1e"],
    success: "#74c08d",
    warning: "#e0b25a",
    error: "#f0877f",
  },
  contrast: {
    accent: "#003a8c",
    page: "#ffffff",
    surface: "#ffffff",
    raised: "#ffffff",
    text: "#000000",
    quiet: "#000000",
    faint: "#1a1a1a",
    line: "#000000",
    hairline: "#000000",
    grounds: ["#ffffff", "#ffffff", "#ffffff", "#ffffff"],
    success: "#004d1a",
    warning: "#5c3a00",
    error: "#8f0000",
  },
};

/** The Ant Design theme of a look. */
export function themeOf(look: Look): ThemeConfig {
  const p = PALETTES[look];
  const dark = look === "dark";
  const [accentGround, successGround, warningGround, errorGround] = p.grounds;
  return {
    algorithm: dark ? [theme.darkAlgorithm, theme.compactAlgorithm] : [theme.compactAlgorithm],
    cssVar: { key: "desk" },
    hashed: false,
    token: {
      colorPrimary: p.accent,
      colorInfo: p.accent,
      colorLink: p.accent,
      colorLinkHover: p.accent,
      colorLinkActive: p.accent,
      colorSuccess: p.success,
      colorWarning: p.warning,
      colorError: p.error,
      colorPrimaryBg: accentGround,
      colorPrimaryBgHover: accentGround,
      colorInfoBg: accentGround,
      colorSuccessBg: successGround,
      colorWarningBg: warningGround,
      colorErrorBg: errorGround,
      colorInfoBorder: p.line,
      colorSuccessBorder: p.success,
      colorWarningBorder: p.warning,
      colorErrorBorder: p.error,
      controlItemBgActive: accentGround,
      controlItemBgActiveHover: accentGround,
      colorBgLayout: p.page,
      colorBgContainer: p.surface,
      colorBgElevated: p.raised,
      colorText: p.text,
      colorTextHeading: p.text,
      colorTextSecondary: p.quiet,
      colorTextTertiary: p.faint,
      colorTextDescription: p.quiet,
      colorTextPlaceholder: p.faint,
      colorBorder: p.line,
      colorBorderSecondary: p.hairline,
      colorSplit: p.hairline,
      borderRadius: 4,
      borderRadiusLG: 6,
      fontFamily: FONT,
      // The compact algorithm takes these one step down: 14 px text, 32 px controls.
      fontSize: 16,
      controlHeight: 36,
      boxShadow: "none",
      boxShadowSecondary: dark
        ? "0 0 0 1px #46515a, 0 8px 24px #0008"
        : "0 0 0 1px #c9cfd5, 0 8px 24px #1d232914",
      lineWidthFocus: look === "contrast" ? 3 : 2,
      motion: false,
    },
    components: {
      Button: { primaryShadow: "none", defaultShadow: "none", primaryColor: dark ? "#0d1a21" : "#ffffff" },
      Table: {
        cellFontSizeSM: 13,
        cellPaddingBlockSM: 5,
        cellPaddingInlineSM: 8,
        headerBg: p.page,
        headerSplitColor: "transparent",
        rowHoverBg: p.page,
      },
      Segmented: {
        trackBg: p.page,
        itemSelectedBg: p.accent,
        itemSelectedColor: dark ? "#0d1a21" : "#ffffff",
      },
      Tabs: { horizontalMargin: "0 0 16px 0" },
    },
  };
}
