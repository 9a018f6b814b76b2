// A PDF inside the window: pdf.js draws it page by page. Everything comes from the bundle; nothing is fetched.

import { LeftOutlined, RightOutlined, ZoomInOutlined, ZoomOutOutlined } from "@ant-design/icons";
import { Button, Spin } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { bytesOf } from "@/components/attachments/bytes";
import type { OpenPdf } from "./engine";
import "./pdf-preview.css";

const SCALES = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];
const ROOM = 40;

type Props = { dataBase64: string; title: string };

export function PdfPreview({ dataBase64, title }: Props) {
  const { t } = useTranslation("forms");
  const [pdf, setPdf] = useState<OpenPdf | null>(null);
  const [broken, setBroken] = useState(false);
  const [page, setPage] = useState(1);
  const [scale, setScale] = useState(1);
  const sheet = useRef<HTMLElement>(null);
  useEffect(() => {
    let opened: OpenPdf | null = null;
    let gone = false;
    setPdf(null);
    setBroken(false);
    setPage(1);
    import("./engine")
      .then((engine) => engine.openPdf(bytesOf(dataBase64)))
      .then(
        (document) => {
          opened = document;
          if (gone) document.close();
          else {
            // The whole width of the page is seen first, at most half as large again as on paper.
            const room = (sheet.current?.clientWidth ?? 0) - ROOM;
            setScale(room > 0 ? Math.min(1.5, Math.max(0.25, room / document.width)) : 1);
            setPdf(document);
          }
        },
        () => {
          if (!gone) setBroken(true);
        },
      );
    return () => {
      gone = true;
      opened?.close();
    };
  }, [dataBase64]);
  const pages = pdf?.pages ?? 0;
  const turn = (step: number): void =>
    setPage((current) => Math.min(Math.max(1, current + step), Math.max(1, pages)));
  const zoom = (step: number): void =>
    setScale((current) => {
      const steps =
        step > 0
          ? SCALES.filter((each) => each > current + 0.01)
          : SCALES.filter((each) => each < current - 0.01);
      return (step > 0 ? steps[0] : steps.at(-1)) ?? current;
    });
  return (
    <div className="pdf-preview" data-testid="pdf-preview">
      <div className="pdf-bar">
        <span className="pdf-title">{title}</span>
        <Button
          size="small"
          icon={<LeftOutlined />}
          aria-label={t("pdf.previous")}
          disabled={page <= 1}
          onClick={() => turn(-1)}
          data-testid="pdf-previous"
        />
        <span className="figures" data-testid="pdf-position">
          {t("pdf.position", { page, pages })}
        </span>
        <Button
          size="small"
          icon={<RightOutlined />}
          aria-label={t("pdf.next")}
          disabled={page >= pages}
          onClick={() => turn(1)}
          data-testid="pdf-next"
        />
        <Button
          size="small"
          icon={<ZoomOutOutlined />}
          aria-label={t("zoom.out")}
          disabled={scale <= (SCALES[0] ?? 0)}
          onClick={() => zoom(-1)}
          data-testid="pdf-zoom-out"
        />
        <span className="figures">{Math.round(scale * 100)}%</span>
        <Button
          size="small"
          icon={<ZoomInOutlined />}
          aria-label={t("zoom.in")}
          disabled={scale >= (SCALES.at(-1) ?? 1)}
          onClick={() => zoom(1)}
          data-testid="pdf-zoom-in"
        />
      </div>
      {/* The sheet scrolls, so the keyboard must be able to reach it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the focus to be scrolled by keys */}
      <section ref={sheet} className="pdf-sheet" tabIndex={0} aria-label={title}>
        {broken && <p data-testid="pdf-broken">{t("pdf.broken")}</p>}
        {!pdf && !broken && <Spin description={t("pdf.opening")} />}
        {pdf && <Page pdf={pdf} page={page} scale={scale} label={t("pdf.position", { page, pages })} />}
      </section>
    </div>
  );
}

function Page({ pdf, page, scale, label }: { pdf: OpenPdf; page: number; scale: number; label: string }) {
  const holder = useRef<HTMLCanvasElement>(null);
  const [drawn, setDrawn] = useState("");
  const wanted = `${page}@${scale}`;
  useEffect(() => {
    const canvas = holder.current;
    if (!canvas) return;
    const drawing = pdf.draw(page, scale, canvas);
    drawing.done.then(
      () => setDrawn(wanted),
      // A drawing that was stopped because the page turned is no failure.
      () => undefined,
    );
    return () => drawing.stop();
  }, [pdf, page, scale, wanted]);
  return (
    <canvas
      key={wanted}
      ref={holder}
      role="img"
      aria-label={label}
      {...(drawn === wanted ? { "data-testid": `pdf-page-${page}` } : {})}
    />
  );
}
