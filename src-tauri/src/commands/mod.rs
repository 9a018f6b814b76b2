//! The window's commands, one file per feature. Each takes arguments, calls one use case, returns its result.

mod accounts;
mod attachments;
mod backups;
mod claims;
mod complaints;
mod drafts;
mod home;
mod imports;
mod people;
mod prints;
mod profile;
mod session;
mod sync;
mod typed;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Code, Refusal};
use tauri::Wry;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};

/// The bytes of a file that the page read and sent.
fn sent(file_name: &str, data_base64: &str) -> Result<Vec<u8>, Refusal> {
    STANDARD.decode(data_base64).map_err(|_| Refusal::new(Code::AttachmentDamaged).with("name", file_name))
}

/// The one list of commands: the window's handler and the TypeScript bindings both come from it.
pub(crate) fn builder() -> Builder<Wry> {
    Builder::<Wry>::new()
        .error_handling(ErrorHandlingMode::Throw)
        .disable_serde_phases()
        // Only JSON values have such numbers; ids are strings and amounts decimal text.
        .dangerously_cast_bigints_to_number()
        .commands(collect_commands![
            profile::profile_status,
            profile::profile_create,
            profile::profile_unlock,
            profile::recovery_save,
            profile::recovery_print,
            profile::recovery_confirm,
            session::session_login,
            session::session_current,
            session::session_logout,
            session::session_touch,
            accounts::account_list,
            accounts::account_create,
            accounts::account_change,
            home::status_line,
            home::unsent_list,
            home::home,
            home::due_list,
            home::branch_get,
            home::branch_change,
            backups::backup_state,
            backups::backup_choose,
            backups::backup_now,
            home::template_list,
            home::template_get,
            home::view_list,
            home::view_save,
            home::view_delete,
            people::check_value,
            people::amount_capitals,
            people::search,
            people::party_get,
            people::party_reveal,
            people::policy_get,
            drafts::draft_open,
            drafts::draft_get,
            drafts::draft_save,
            drafts::draft_prefill,
            drafts::draft_check,
            drafts::draft_discard,
            drafts::draft_list,
            drafts::claim_register,
            typed::typed_get,
            typed::typed_save,
            claims::claim_list,
            claims::claim_export,
            claims::claim_get,
            claims::claim_do,
            claims::worksheet_try,
            complaints::complaint_data,
            complaints::complaint_register,
            complaints::complaint_list,
            complaints::complaint_get,
            complaints::complaint_do,
            complaints::complaint_summary,
            complaints::complaint_summary_preview,
            complaints::complaint_summary_export,
            attachments::attachment_add,
            attachments::attachment_read,
            attachments::attachment_void,
            prints::print_preview,
            prints::print_save,
            prints::printer_list,
            prints::print_send,
            imports::import_open,
            imports::import_run,
            imports::import_cancel,
            sync::sync_report,
            sync::sync_enrol,
            sync::sync_now,
            sync::sync_export,
            sync::sync_import,
            sync::device_list,
            sync::conflict_list,
            sync::conflict_get,
            sync::conflict_decide,
        ])
}
