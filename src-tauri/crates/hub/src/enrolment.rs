//! Making one-time codes.

use domain::case_number::check_branch_code;
use domain::digest::Digest;
use domain::role::Role;
use domain::{Code, Refusal};

use crate::error::HubError;
use crate::state::{Clock, random};
use crate::table::enrolment;

/// How long a code may be redeemed.
pub const CODE_MILLIS: i64 = 10 * 60 * 1000;

/// Crockford's characters, as in device codes: none is mistaken for another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Five bits each: nobody guesses sixty of them in ten minutes.
const LENGTH: usize = 12;

/// Makes a code for a branch, and for a role if one is said.
///
/// # Errors
/// When the branch's code is none, or the database does not answer.
pub async fn make_code(
    pool: &sqlx::PgPool,
    clock: &Clock,
    branch: &str,
    role: Option<&str>,
) -> Result<Result<String, Refusal>, HubError> {
    let stream = match check_branch_code(branch) {
        Ok(stream) => stream,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Some(role) = role
        && Role::named(role).is_none()
    {
        return Ok(Err(Refusal::new(Code::CommandUsage)));
    }
    let mut bytes = [0; LENGTH];
    random(&mut bytes)?;
    let mut code = String::new();
    for (place, byte) in bytes.iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        code.extend(LETTERS.get(usize::from(byte % 32)).map(|letter| char::from(*letter)));
    }
    let mut db = pool.acquire().await?;
    enrolment::insert(&mut db, &code_hash(&code), &stream, role, clock() + CODE_MILLIS).await?;
    Ok(Ok(code))
}

/// What is kept of a code; however it was typed.
pub(crate) fn code_hash(code: &str) -> Vec<u8> {
    let plain: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    Digest::of(plain.as_bytes()).0.to_vec()
}
