/** A long list fetched page by page as it is scrolled. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { type UIEvent, useMemo } from "react";
import { SIZES } from "@/theme/tokens";

const PAGE = 200;
/** The next page is fetched this many rows before the end is reached. */
export const AHEAD = 60;

interface Page<Row> {
  total: number;
  rows: Row[];
}

/** The rows fetched so far, how many there are in all, and what asks for more. */
export function usePages<Row extends { id: string }>(
  queryKey: readonly unknown[],
  ask: (offset: number, limit: number) => Promise<Page<Row>>,
) {
  const pages = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => ask(pageParam, PAGE),
    initialPageParam: 0,
    getNextPageParam: (last, all) => {
      const loaded = all.reduce((sum, page) => sum + page.rows.length, 0);
      return last.rows.length > 0 && loaded < last.total ? loaded : undefined;
    },
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => {
    // What comes or goes between two pages shifts the second: the same row may come twice.
    const seen = new Map<string, Row>();
    for (const row of pages.data?.pages.flatMap((page) => page.rows) ?? []) seen.set(row.id, row);
    return [...seen.values()];
  }, [pages.data]);
  const more = () => {
    if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage();
  };
  const onScroll = (event: UIEvent<HTMLElement>) => {
    const { scrollTop, clientHeight, scrollHeight } = event.currentTarget;
    if (scrollHeight - scrollTop - clientHeight < AHEAD * SIZES.row) more();
  };
  return { pages, rows, total: pages.data?.pages[0]?.total ?? 0, more, onScroll };
}
