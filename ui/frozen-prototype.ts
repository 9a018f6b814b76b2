/** A build step for dayjs: tauri.conf.json freezes Object.prototype, and then a plain assignment of `valueOf` or
 * `toString` to another prototype throws. Defining the property does the same without asking Object.prototype. */
import type { Plugin } from "vite";

const ASSIGNED = /\bm\.(valueOf|toString)=(function\(\)\{return this\.\$d\.\w+\(\)\})/g;
const EXPECTED = 2;

export function dayjsUnderFrozenPrototype(): Plugin {
  return {
    name: "dayjs-under-frozen-prototype",
    transform(code, id) {
      if (!/[\\/]dayjs[\\/]dayjs\.min\.js(\?|$)/.test(id)) return null;
      const found = code.match(ASSIGNED)?.length ?? 0;
      if (found !== EXPECTED) this.error(`dayjs changed: ${found} assignments found instead of ${EXPECTED}`);
      return {
        code: code.replace(
          ASSIGNED,
          'Object.defineProperty(m,"$1",{value:$2,writable:true,configurable:true,enumerable:true})',
        ),
        map: null,
      };
    },
  };
}
