//! Finds the font files of the npm packages and hands their paths to `include_bytes!`.
//!
//! No font is committed. `cargo xtask setup` installs the packages into `ui/node_modules`;
//! `CLAIMS_DESK_FONTS` may name another folder that holds the same packages.

use std::path::{Path, PathBuf};

/// Constant, npm package and file of each face. The packages are under the SIL Open Font License.
const FACES: [(&str, &str); 3] = [
    ("SONG", "@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf"),
    ("HEI", "@expo-google-fonts/noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf"),
    ("RARE", "@expo-google-fonts/noto-serif-jp/400Regular/NotoSerifJP_400Regular.ttf"),
];

fn main() {
    println!("cargo::rerun-if-env-changed=CLAIMS_DESK_FONTS");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/node_modules");
    let folders: Vec<PathBuf> =
        std::env::var_os("CLAIMS_DESK_FONTS").map(PathBuf::from).into_iter().chain([root]).collect();
    let mut source = String::new();
    for (name, file) in FACES {
        let found = folders.iter().map(|folder| folder.join(file)).find(|path| path.is_file());
        for folder in &folders {
            println!("cargo::rerun-if-changed={}", folder.join(file).display());
        }
        let Some(path) = found.and_then(|path| path.canonicalize().ok()) else {
            println!(
                "cargo::error=the font {file} is not in ui/node_modules; run `cargo xtask setup` (it installs the npm packages of ui/package.json)"
            );
            continue;
        };
        source
            .push_str(&format!("const {name}: &[u8] = include_bytes!({:?});\n", path.display().to_string()));
    }
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    if let Err(error) = std::fs::write(out.join("faces.rs"), source) {
        println!("cargo::error=cannot write faces.rs: {error}");
    }
}
