/** A line over time, drawn without a library: few points, each with its figure. */
import type { SummaryPoint } from "@/lib/desk";

const WIDTH = 1000;
const HEIGHT = 170;
const TOP = 22;
const FOOT = 24;
const SIDE = 24;
/** More figures than this would touch. */
const FIGURES = 20;

/** The chart; what it shows is said as a table by the print. */
export function Trend({ points, label }: { points: SummaryPoint[]; label: string }) {
  const most = Math.max(1, ...points.map((point) => point.count));
  const step = (WIDTH - 2 * SIDE) / Math.max(1, points.length - 1);
  const placed = points.map((point, index) => ({
    ...point,
    x: SIDE + step * index,
    y: TOP + (HEIGHT - TOP - FOOT) * (1 - point.count / most),
  }));
  const every = Math.ceil(points.length / FIGURES);
  const said = `${label}: ${points.map((point) => `${point.from} ${point.count}`).join(", ")}`;
  return (
    <svg
      className="trend"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={said}
      data-testid="trend"
    >
      <line x1={0} x2={WIDTH} y1={HEIGHT - FOOT} y2={HEIGHT - FOOT} className="trend-axis" />
      <polyline className="trend-line" points={placed.map((point) => `${point.x},${point.y}`).join(" ")} />
      {placed.map((point, index) => (
        <g key={point.from}>
          <circle cx={point.x} cy={point.y} r={2.6} className="trend-point" />
          {index % every === 0 && (
            <>
              <text x={point.x} y={point.y - 7} className="trend-figure">
                {point.count}
              </text>
              <text x={point.x} y={HEIGHT - 6} className="trend-day">
                {point.from.slice(5)}
              </text>
            </>
          )}
        </g>
      ))}
    </svg>
  );
}
