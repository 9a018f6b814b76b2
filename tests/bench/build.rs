//! What Tauri wants of an app with a window and one command.

fn main() {
    tauri_build::build();
}
