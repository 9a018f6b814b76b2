//! Checking one party: every field is looked at, so that all that is wrong is told at once.

use chrono::NaiveDate;

use super::{Authority, GuardianConsent, IdType, PartyInput, PartyKind, PartyRole};
use crate::code::Code;
use crate::identity::{self, Checked, IdentityKind, resident_id_facts};
use crate::name::check_name;
use crate::person::{FULL_AGE, age_at, check_guardian_consent, parse_date};
use crate::refusal::Refusal;
use crate::text_rules::check_line;
use crate::width::compact;

const LINE_LIMIT: usize = 200;

/// Checks one party at its place in the list. Gives the party in its written form with warnings, or everything that
/// is wrong with it; fields are named `parties.<index>.<field>`.
pub fn check_party(
    input: PartyInput,
    index: usize,
    today: NaiveDate,
) -> Result<(PartyInput, Vec<Refusal>), Vec<Refusal>> {
    let mut findings = Findings { index, refusals: Vec::new(), warnings: Vec::new() };
    let mut party = input;
    blank_to_none(&mut party);

    if let Some(name) = findings.take("name", check_name(party.kind, &party.name)) {
        party.name = name;
    }
    check_identity(&mut party, today, &mut findings);
    if let Some(mobile) = party.mobile.take() {
        party.mobile = findings.take_checked("mobile", identity::check(IdentityKind::Mobile, &mobile, today));
    }
    let birth = check_birth(&mut party, today, &mut findings);
    check_account(&mut party, today, &mut findings);
    for (field, value) in [
        ("relation", &mut party.relation),
        ("bank_name", &mut party.bank_name),
        ("address", &mut party.address),
    ] {
        if let Some(text) = value.take() {
            *value = findings.take(field, check_line(&text, LINE_LIMIT));
        }
    }
    check_authority(&mut party, today, &mut findings);
    check_consent(&mut party, birth, today, &mut findings);
    check_standing(&party, birth, today, &mut findings);

    if findings.refusals.is_empty() { Ok((party, findings.warnings)) } else { Err(findings.refusals) }
}

struct Findings {
    index: usize,
    refusals: Vec<Refusal>,
    warnings: Vec<Refusal>,
}

impl Findings {
    fn path(&self, field: &str) -> String {
        format!("parties.{}.{field}", self.index)
    }

    fn refuse(&mut self, field: &str, refusal: impl Into<Refusal>) {
        let path = self.path(field);
        self.refusals.push(refusal.into().at(path));
    }

    fn warn(&mut self, field: &str, warning: impl Into<Refusal>) {
        let path = self.path(field);
        self.warnings.push(warning.into().at(path));
    }

    fn take<T>(&mut self, field: &str, result: Result<T, Refusal>) -> Option<T> {
        result.map_err(|refusal| self.refuse(field, refusal)).ok()
    }

    fn take_checked(&mut self, field: &str, result: Result<Checked, Refusal>) -> Option<String> {
        let checked = self.take(field, result)?;
        for warning in checked.warnings {
            self.warn(field, warning);
        }
        Some(checked.normalized)
    }
}

/// A form sends empty boxes as empty text.
fn blank_to_none(party: &mut PartyInput) {
    for value in [
        &mut party.id_no,
        &mut party.mobile,
        &mut party.birth,
        &mut party.relation,
        &mut party.bank_account,
        &mut party.bank_name,
        &mut party.address,
    ] {
        if value.as_deref().is_some_and(|text| text.trim().is_empty()) {
            *value = None;
        }
    }
}

fn check_identity(party: &mut PartyInput, today: NaiveDate, findings: &mut Findings) {
    let Some(number) = party.id_no.take() else { return };
    let Some(id_type) = party.id_type else {
        return findings.refuse("id_type", Code::PartyIdTypeMissing);
    };
    let fits = match id_type {
        IdType::Uscc => party.kind == PartyKind::Organisation,
        IdType::Other => true,
        _ => party.kind == PartyKind::Person,
    };
    if !fits {
        return findings.refuse("id_type", Code::PartyIdTypeForKind);
    }
    let checked = check_id_no(id_type, &number, today);
    party.id_no = findings.take_checked("id_no", checked);
}

/// Checks a paper's number by its type. Only resident IDs, residence permits built like them, and credit codes carry a
/// check character; of the others the shape is checked.
pub fn check_id_no(id_type: IdType, value: &str, today: NaiveDate) -> Result<Checked, Refusal> {
    let number = compact(value);
    let plain = |accepted: bool| {
        if accepted {
            Ok(Checked { normalized: number.clone(), warnings: Vec::new() })
        } else {
            Err(Refusal::new(Code::PartyIdNoShape).with("id_type", id_type.as_str()))
        }
    };
    let letters_then_digits = |letters: usize, digits: &[usize]| {
        let (head, tail) = number.split_at_checked(letters).unwrap_or_default();
        head.chars().all(|c| c.is_ascii_uppercase())
            && digits.contains(&tail.len())
            && tail.chars().all(|c| c.is_ascii_digit())
    };
    match id_type {
        IdType::ResidentId => identity::check(IdentityKind::Id, value, today),
        IdType::Uscc => identity::check(IdentityKind::Uscc, value, today),
        IdType::Passport => {
            plain((5..=17).contains(&number.len()) && number.chars().all(|c| c.is_ascii_alphanumeric()))
        }
        IdType::HkMacaoPermit => plain(number.starts_with(['H', 'M']) && letters_then_digits(1, &[8, 10])),
        IdType::TaiwanPermit => plain(letters_then_digits(0, &[8, 10])),
        // The older card for foreigners has three letters and twelve digits; all later ones follow GB 11643.
        IdType::ResidencePermit if number.len() == 15 => plain(letters_then_digits(3, &[12])),
        IdType::ResidencePermit => identity::check(IdentityKind::Id, value, today),
        IdType::Other => {
            let normalized = check_line(value, 40)?;
            Ok(Checked { normalized, warnings: Vec::new() })
        }
    }
}

fn check_birth(party: &mut PartyInput, today: NaiveDate, findings: &mut Findings) -> Option<NaiveDate> {
    let known = party
        .id_no
        .as_deref()
        .filter(|_| matches!(party.id_type, Some(IdType::ResidentId | IdType::ResidencePermit)))
        .and_then(resident_id_facts)
        .map(|facts| facts.birth);
    let entered = match party.birth.take() {
        Some(text) => findings.take("birth", parse_date(&text)),
        None => None,
    };
    match (known, entered) {
        (Some(known), Some(entered)) if known != entered => {
            findings.refuse("birth", Refusal::new(Code::PartyBirthDiffers).with("birth", known));
        }
        (_, Some(entered)) if entered > today => {
            findings.refuse("birth", Refusal::new(Code::PartyBirthFuture).with("today", today));
        }
        _ => {}
    }
    let birth = known.or(entered);
    party.birth = birth.map(|date| date.to_string());
    birth
}

/// A person's account is a card and carries a Luhn digit; a firm's account number has no common rule.
fn check_account(party: &mut PartyInput, today: NaiveDate, findings: &mut Findings) {
    let Some(account) = party.bank_account.take() else { return };
    party.bank_account = match party.kind {
        PartyKind::Person => {
            findings.take_checked("bank_account", identity::check(IdentityKind::Bankcard, &account, today))
        }
        PartyKind::Organisation => {
            let number = compact(&account);
            if (6..=32).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit()) {
                Some(number)
            } else {
                findings.refuse("bank_account", Code::PartyAccountShape);
                None
            }
        }
    };
    if party.bank_name.is_none() {
        findings.warn("bank_name", Code::PartyBankNameMissing);
    }
}

/// Civil Code 165: the authority is in writing and names what it allows, and was signed before it is used.
fn check_authority(party: &mut PartyInput, today: NaiveDate, findings: &mut Findings) {
    let Some(authority) = party.authority.take() else {
        if party.role == PartyRole::Agent {
            findings.refuse("authority", Code::PartyAuthorityMissing);
        }
        return;
    };
    let paper = required_line(findings, "authority.paper", &authority.paper);
    let scope = required_line(findings, "authority.scope", &authority.scope);
    let signed_on = signed_date(findings, "authority.signed_on", &authority.signed_on, today);
    if let (Some(paper), Some(scope), Some(signed_on)) = (paper, scope, signed_on) {
        party.authority = Some(Authority { paper, signed_on, scope });
    }
}

fn check_consent(
    party: &mut PartyInput,
    birth: Option<NaiveDate>,
    today: NaiveDate,
    findings: &mut Findings,
) {
    if let Some(birth) = birth.filter(|_| party.kind == PartyKind::Person) {
        let consent = check_guardian_consent(birth, today, party.guardian_consent.is_some());
        findings.take("guardian_consent", consent);
    }
    let Some(consent) = party.guardian_consent.take() else { return };
    let guardian_name = findings
        .take("guardian_consent.guardian_name", check_name(PartyKind::Person, &consent.guardian_name));
    let relation = required_line(findings, "guardian_consent.relation", &consent.relation);
    let signed_on = signed_date(findings, "guardian_consent.signed_on", &consent.signed_on, today);
    if let (Some(guardian_name), Some(relation), Some(signed_on)) = (guardian_name, relation, signed_on) {
        party.guardian_consent = Some(GuardianConsent { guardian_name, relation, signed_on });
    }
}

/// What a role asks for beside its fields.
fn check_standing(party: &PartyInput, birth: Option<NaiveDate>, today: NaiveDate, findings: &mut Findings) {
    // PIPL 31 accepts parents and other guardians, so it must be known which of them this is.
    if party.role == PartyRole::Guardian && party.kind == PartyKind::Person && party.relation.is_none() {
        findings.refuse("relation", Code::PartyRelationMissing);
    }
    // Civil Code 17 to 19: someone under eighteen does not stand in for others by himself.
    let stands_in = matches!(party.role, PartyRole::Agent | PartyRole::Guardian);
    if let Some(age) = birth.and_then(|birth| age_at(birth, today)).filter(|age| stands_in && *age < FULL_AGE)
    {
        findings.warn("role", Refusal::new(Code::PartyMinorStandsIn).with("age", age));
    }
}

fn required_line(findings: &mut Findings, field: &str, value: &str) -> Option<String> {
    let text = findings.take(field, check_line(value, LINE_LIMIT))?;
    if text.is_empty() {
        findings.refuse(field, Code::IdentityEmpty);
        return None;
    }
    Some(text)
}

fn signed_date(findings: &mut Findings, field: &str, value: &str, today: NaiveDate) -> Option<String> {
    if value.trim().is_empty() {
        findings.refuse(field, Code::IdentityEmpty);
        return None;
    }
    let date = findings.take(field, parse_date(value))?;
    if date > today {
        findings.refuse(field, Refusal::new(Code::PartySignedInFuture).with("today", today));
        return None;
    }
    Some(date.to_string())
}
