//! The least that Tauri can show: one window, one page, one command that is answered.

fn main() -> anyhow::Result<()> {
    tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![ping])
        .run(tauri::generate_context!())?;
    Ok(())
}

#[tauri::command]
fn ping() -> &'static str {
    "answered"
}
