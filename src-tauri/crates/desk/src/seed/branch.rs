//! The synthetic branch: who lives there, and one claim after the other.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, Datelike as _, Duration, FixedOffset, NaiveDate};
use domain::case_number::{COUNTER_LIMIT, CaseNumber};
use domain::party::PartyKind;
use domain::role::Role;
use domain::template::Library;
use domain::{Code, Refusal};
use serde_json::{Value, json};
use store::NewOperation;
use uuid::Uuid;

use super::invent::{Dice, PEOPLE, words};
use super::plan::Plan;
use crate::claim::intake::write_document;
use crate::error::DeskError;

/// The first and the last day on which claims were registered. Fixed, so that the day of the run does not matter.
const FIRST_DAY: (i32, u32, u32) = (2021, 1, 4);
pub(super) const DAYS: i64 = 1_820;
/// People who may come again.
const NEIGHBOURS: usize = 4_096;

/// A person or organisation with a policy.
#[derive(Clone)]
struct Customer {
    party: Uuid,
    kind: PartyKind,
    name: String,
    id_no: String,
    mobile: String,
    birth: Option<NaiveDate>,
    address: String,
    region: &'static str,
    plate: String,
}

pub(super) struct Branchful {
    code: String,
    numbers: Numbers,
    plans: Vec<Plan>,
    dice: Dice,
    claims: u32,
    clerks: Vec<(Uuid, String)>,
    neighbours: VecDeque<Customer>,
    begin: DateTime<FixedOffset>,
    policies: u64,
}

impl Branchful {
    pub(super) fn new(
        code: &str,
        own_device: &str,
        claims: u32,
        seed: u64,
        library: &'static Library,
    ) -> Result<Self, DeskError> {
        let begin = opening()?;
        // Branches of another size or seed are other branches: no number of theirs is the same.
        let mut dice = Dice::named(&format!("{code}/{claims}/{seed}"));
        let devices = dice.devices(claims, &[own_device.to_owned()]);
        let mut branch = Branchful {
            code: code.to_owned(),
            numbers: Numbers::new(devices),
            plans: Plan::all(library)?,
            dice,
            claims,
            clerks: Vec::new(),
            neighbours: VecDeque::new(),
            begin,
            policies: 0,
        };
        branch.clerks = PEOPLE.clerks.iter().map(|name| (branch.id(begin), name.clone())).collect();
        Ok(branch)
    }

    fn id(&mut self, at: DateTime<FixedOffset>) -> Uuid {
        self.dice.id(at)
    }

    /// One product for each template, marked as sample.
    pub(super) fn products(&self) -> NewOperation {
        let clerk = self.clerks.first().map(|(id, _)| *id).unwrap_or_default();
        let mut operation = NewOperation::new(clerk, Role::Administrator, "seed.products", self.begin);
        for plan in &self.plans {
            let id = crate::import_run::stable_id("product", &plan.product);
            operation.set("product", id, "code", plan.product.clone());
            operation.set(
                "product",
                id,
                "name",
                format!("{}{}", words().product_prefix, plan.template.name.zh_cn),
            );
            operation.set("product", id, "line", json!(plan.template.line));
            operation.set("product", id, "template", plan.template.id.clone());
            operation.set("product", id, "status", "on_sale");
        }
        operation
    }

    fn customer(
        &mut self,
        kind: PartyKind,
        at: DateTime<FixedOffset>,
        command: &mut NewOperation,
    ) -> Customer {
        if self.dice.percent(30)
            && let Some(known) = self.neighbour(kind)
        {
            return known;
        }
        let party = self.id(at);
        let place = self.dice.place();
        let (region, head, town) = place
            .map_or(("", "", ""), |place| (place.region.as_str(), place.plate.as_str(), place.name.as_str()));
        let birth = (kind == PartyKind::Person).then(|| self.dice.birth());
        let customer = Customer {
            party,
            kind,
            name: if kind == PartyKind::Person { self.dice.name() } else { self.dice.organisation() },
            id_no: match birth {
                Some(birth) => self.dice.resident_id(region, birth),
                None => self.dice.credit_code(region),
            },
            mobile: self.dice.mobile(),
            birth,
            address: self.dice.street(town),
            region: town,
            plate: self.dice.plate(head),
        };
        command.set("party", party, "kind", json!(kind));
        command.set("party", party, "name", customer.name.clone());
        self.identity(command, "party", party, &customer);
        if self.neighbours.len() >= NEIGHBOURS {
            self.neighbours.pop_front();
        }
        self.neighbours.push_back(customer.clone());
        customer
    }

    fn neighbour(&mut self, kind: PartyKind) -> Option<Customer> {
        let at = usize::try_from(self.dice.below(self.neighbours.len() as u64)).ok()?;
        self.neighbours.get(at).filter(|known| known.kind == kind).cloned()
    }

    fn identity(&self, command: &mut NewOperation, kind: &'static str, id: Uuid, customer: &Customer) {
        let id_type = if customer.kind == PartyKind::Person { "resident-id" } else { "uscc" };
        command.set(kind, id, "id_type", id_type);
        command.set(kind, id, "id_no", customer.id_no.clone());
        command.set(kind, id, "mobile", customer.mobile.clone());
        command.set(kind, id, "address", customer.address.clone());
        command.set_some(kind, id, "birth", customer.birth.map(|birth| birth.to_string()));
    }

    /// A registered claim with everything a registration writes.
    pub(super) fn claim(&mut self, index: u32) -> Result<NewOperation, DeskError> {
        let day = i64::from(index) * DAYS / i64::from(self.claims.max(1));
        let at = self.begin + Duration::days(day) + Duration::minutes(self.dice.below(510) as i64);
        let clerk = self.dice.pick(&self.clerks).cloned().unwrap_or_default();
        let mut command = NewOperation::new(clerk.0, Role::CounterClerk, "claim.register", at);
        let which = usize::try_from(self.dice.below(self.plans.len() as u64)).unwrap_or_default();
        let plan =
            self.plans.get(which).ok_or_else(|| Refusal::new(Code::TemplateUnknown).with("id", which))?;
        let (insured_kind, other_role, days) = (plan.insured, plan.other.clone(), plan.days);
        let (line, product, template) = (plan.template.line, plan.product.clone(), plan.template);

        let claim = self.id(at);
        let insured = self.customer(insured_kind, at, &mut command);
        let reporter = match insured_kind {
            PartyKind::Person => insured.clone(),
            PartyKind::Organisation => self.customer(PartyKind::Person, at, &mut command),
        };
        let other = other_role.as_ref().map(|_| self.customer(PartyKind::Person, at, &mut command));
        let incident = at - Duration::days(days + 1 + self.dice.below(12) as i64);
        let motor = line == domain::template::Line::Motor;
        let plate = motor.then(|| insured.plate.clone());
        let (policy, policy_no) = self.policy(&mut command, &insured, &product, plate.as_deref(), incident);

        let story = self.dice.story(line);
        let amount = self.dice.amount();
        let place = self.dice.street(insured.region);
        let complete = self.dice.percent(35);
        let withdrawn = !complete && self.dice.percent(8);
        let year = at.year();
        let no = self.number(year)?;
        let plan = self.plans.get(which).ok_or(Code::TemplateUnknown)?;
        let other_name = other.as_ref().map(|other| other.name.clone()).unwrap_or_default();
        let mut answers = plan.answers(incident, &insured.name, &other_name, plate.as_deref());
        answers.insert("story".to_owned(), json!(story));
        answers.insert("incident_place".to_owned(), json!(place));
        if answers.contains_key("claimed_amount") {
            answers.insert("claimed_amount".to_owned(), json!(amount));
        }
        let papers = if complete { plan.papers.as_slice() } else { plan.papers.get(..1).unwrap_or_default() };
        let missing = if complete { plan.missing.0 } else { plan.missing.1 };
        for (document, received) in papers {
            write_document(&mut command, claim, document, received);
        }
        for (role, customer) in [("reporter", Some(&reporter)), ("insured", Some(&insured))]
            .into_iter()
            .chain([(other_role.as_deref().unwrap_or_default(), other.as_ref())])
        {
            let Some(customer) = customer else { continue };
            let link = self.id(at);
            command.set("claim_party", link, "claim", claim.to_string());
            command.set("claim_party", link, "party", customer.party.to_string());
            command.set("claim_party", link, "role", role);
            command.set("claim_party", link, "kind", json!(customer.kind));
            command.set("claim_party", link, "name", customer.name.clone());
            self.identity(&mut command, "claim_party", link, customer);
        }
        let status = match (complete && missing == 0, withdrawn) {
            (true, _) => "papers_complete",
            (_, true) => "withdrawn",
            _ => "registered",
        };
        for (field, value) in [
            ("no", json!(no)),
            ("template", json!(template.id)),
            ("template_version", json!(template.version)),
            ("policy", json!(policy.to_string())),
            ("policy_no", json!(policy_no)),
            ("channel", json!("counter")),
            ("status", json!(status)),
            ("registered_at", json!(at.to_rfc3339())),
            ("clerk", json!(clerk.0.to_string())),
            ("clerk_name", json!(clerk.1)),
            ("insured", json!(insured.name)),
            ("reporter", json!(reporter.name)),
            ("incident_day", json!(incident.date_naive().to_string())),
            ("missing", json!(missing)),
        ] {
            command.set("claim", claim, field, value);
        }
        for (key, value) in answers {
            command.set("claim", claim, format!("answers.{key}"), value);
        }
        self.event(&mut command, claim, &clerk, ("register", None, "registered"), json!({}));
        if status == "papers_complete" {
            self.event(
                &mut command,
                claim,
                &clerk,
                ("papers_complete", Some("registered"), status),
                json!({}),
            );
        }
        if status == "withdrawn" {
            self.event(&mut command, claim, &clerk, ("withdraw", Some("registered"), status), json!({}));
        }
        Ok(command)
    }

    fn policy(
        &mut self,
        command: &mut NewOperation,
        insured: &Customer,
        product: &str,
        plate: Option<&str>,
        incident: DateTime<FixedOffset>,
    ) -> (Uuid, String) {
        self.policies += 1;
        let id = self.id(command.at);
        let device = self.devices().first().map(String::as_str).unwrap_or_default();
        let no = format!("SEED{device}{:08}", self.policies);
        let inception = incident.date_naive() - Duration::days(self.dice.below(300) as i64);
        let expiry = inception + Duration::days(364);
        let sum = (self.dice.below(200) + 1) * 5_000;
        for (field, value) in [
            ("no", json!(no)),
            ("product_code", json!(product)),
            ("holder_name", json!(insured.name)),
            ("holder_id_no", json!(insured.id_no)),
            ("insured_name", json!(insured.name)),
            ("insured_id_no", json!(insured.id_no)),
            ("mobile", json!(insured.mobile)),
            ("inception", json!(inception.to_string())),
            ("expiry", json!(expiry.to_string())),
            ("sum_insured", json!(format!("{sum}.00"))),
            ("status", json!("in_force")),
            ("verified", json!(true)),
        ] {
            command.set("policy", id, field, value);
        }
        command.set_some("policy", id, "plate", plate);
        (id, no)
    }

    fn event(
        &mut self,
        command: &mut NewOperation,
        claim: Uuid,
        clerk: &(Uuid, String),
        (name, from, to): (&str, Option<&str>, &str),
        data: Value,
    ) {
        let event = self.id(command.at);
        command.set("event", event, "claim", claim.to_string());
        command.set("event", event, "at", command.at.to_rfc3339());
        command.set("event", event, "command", name);
        command.set("event", event, "actor", clerk.0.to_string());
        command.set("event", event, "actor_name", clerk.1.clone());
        command.set("event", event, "role", Role::CounterClerk.as_str());
        command.set_some("event", event, "from", from);
        command.set("event", event, "to", to);
        if name == "withdraw" {
            command.set("event", event, "reason", words().withdrawal.clone());
        }
        command.set("event", event, "data", data);
    }

    fn number(&mut self, year: i32) -> Result<String, Refusal> {
        self.numbers.next(&self.code, year)
    }

    /// The devices whose numbers are taken.
    pub(super) fn devices(&self) -> &[String] {
        &self.numbers.devices
    }
}

/// Numbers of cases, from as many desks as are needed.
pub(super) struct Numbers {
    devices: Vec<String>,
    counters: HashMap<i32, u32>,
}

impl Numbers {
    pub(super) fn new(devices: Vec<String>) -> Self {
        Numbers { devices, counters: HashMap::new() }
    }

    /// Counters of one year go on at the next device when a device has given all of its numbers.
    pub(super) fn next(&mut self, code: &str, year: i32) -> Result<String, Refusal> {
        let counter = self.counters.entry(year).or_default();
        let device = self.devices.get((*counter / COUNTER_LIMIT) as usize).map(String::as_str);
        let number = *counter % COUNTER_LIMIT + 1;
        *counter += 1;
        Ok(CaseNumber::new(code, year, device.unwrap_or_default(), number)?.to_string())
    }
}

/// When the synthetic branch opens.
pub(super) fn opening() -> Result<DateTime<FixedOffset>, DeskError> {
    let begin = NaiveDate::from_ymd_opt(FIRST_DAY.0, FIRST_DAY.1, FIRST_DAY.2)
        .and_then(|day| day.and_hms_opt(8, 30, 0))
        .and_then(|moment| moment.and_local_timezone(chrono_tz::Asia::Shanghai).single())
        .map(|moment| moment.fixed_offset());
    Ok(begin.ok_or(Code::StorageFailed)?)
}
