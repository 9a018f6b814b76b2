//! What the layouts bind to: the data of one claim as the lead's code fills it.
//!
//! Every layout works with every field absent (it prints “—”), so callers fill what they know.
//! Codes (`status`, `form`, …) stay codes; `assets/layouts/common.json` holds their words in three languages.
//! Money is a string with two decimals, dates are `YYYY-MM-DD`, times RFC 3339.

use serde::{Deserialize, Serialize};

/// Makes a struct of optional strings and lists with the derives that all print data share.
macro_rules! print_data {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
            #[serde(default, deny_unknown_fields)]
            pub struct $name {
                $($(#[$field_meta])* pub $field: $type,)*
            }
        )*
    };
}

print_data! {
    /// Everything the claim layouts bind to. `recovery` binds to [`RecoveryPrintData`] instead.
    ClaimPrintData {
        /// The branch that issues the document.
        branch: BranchData,
        /// The claim itself.
        claim: ClaimData,
        /// The policy it is made under.
        policy: PolicyData,
        /// People and organisations, in the order to print them.
        parties: Vec<PartyData>,
        /// The template's answers with their labels in the language of the print.
        answers: Vec<AnswerData>,
        /// Papers received or already held.
        documents: Vec<PaperData>,
        /// Papers still missing.
        missing: Vec<PaperData>,
        /// The supplement notice (Insurance Law art. 22).
        supplement: SupplementData,
        /// How the amount was worked out (000-13).
        worksheet: WorksheetData,
        /// The decision.
        decision: DecisionData,
        /// The refusal (Insurance Law art. 24).
        refusal: RefusalData,
        /// Where the claim stands.
        progress: ProgressData,
        /// How claims of this kind are handled (000-13).
        standard: StandardData,
        /// The template's notice on personal information (PIPL art. 17, 30).
        privacy_notice: Option<String>,
        /// Name of the clerk at the counter.
        clerk: Option<String>,
        /// When the document was printed, RFC 3339. Also the PDF's creation date.
        printed_at: Option<String>,
        /// Notes for the file; they stand on the internal copy only.
        internal_notes: Vec<String>,
    }

    /// A branch.
    BranchData {
        /// Branch code.
        code: Option<String>,
        /// Name as on its licence.
        name: Option<String>,
        /// Telephone for questions and complaints.
        phone: Option<String>,
        /// Postal address.
        address: Option<String>,
    }

    /// A claim.
    ClaimData {
        /// Claim number.
        no: Option<String>,
        /// Template's name in the language of the print.
        template_name: Option<String>,
        /// When it was registered, RFC 3339.
        registered_at: Option<String>,
        /// When the event happened, RFC 3339 or date.
        incident_at: Option<String>,
        /// Where it happened.
        incident_place: Option<String>,
        /// Cause in words.
        cause: Option<String>,
        /// What happened, in the customer's words; may have several paragraphs.
        story: Option<String>,
        /// Intake channel code: `counter`, `phone`, `online`, `post`, `agent`.
        channel: Option<String>,
        /// Status code: `registered`, `papers_asked`, `papers_complete`, `assessment`, `decided`, `agreed`,
        /// `paid`, `refused`, `withdrawn`, `closed`.
        status: Option<String>,
    }

    /// A policy.
    PolicyData {
        /// Policy number.
        no: Option<String>,
        /// Product's name.
        product: Option<String>,
        /// 投保人.
        holder: Option<String>,
        /// 被保险人.
        insured: Option<String>,
        /// First day of cover.
        inception: Option<String>,
        /// Last day of cover.
        expiry: Option<String>,
        /// Whether it was matched with the core system's data.
        verified: Option<bool>,
    }

    /// A person or organisation in the claim.
    PartyData {
        /// Role in words, in the language of the print.
        role: Option<String>,
        /// Name.
        name: Option<String>,
        /// Kind of identity paper in words.
        id_type: Option<String>,
        /// Its number, unmasked: the layout masks it.
        id_no: Option<String>,
        /// Mobile number, unmasked: the layout masks it.
        mobile: Option<String>,
        /// Postal address.
        address: Option<String>,
        /// Bank and account for payment, unmasked: the layout masks the account.
        bank: Option<String>,
        /// Account number.
        account: Option<String>,
    }

    /// One answer of the template.
    AnswerData {
        /// The field's label.
        label: Option<String>,
        /// The value as shown on the screen.
        value: Option<String>,
    }

    /// One paper of the checklist.
    PaperData {
        /// Its name.
        name: Option<String>,
        /// `original`, `copy` or `either`.
        form: Option<String>,
        /// Number of copies.
        count: Option<u32>,
        /// `received`, `held`, `waived` or `missing`.
        state: Option<String>,
        /// When received, RFC 3339 or date.
        received: Option<String>,
        /// What was noted about it.
        note: Option<String>,
        /// What to do when the customer has none.
        if_none: Option<String>,
    }

    /// The one notice of all missing papers.
    SupplementData {
        /// When it was issued.
        issued_at: Option<String>,
        /// When it reached the customer; from then the 30 days pause (Interpretation II art. 15).
        reached_at: Option<String>,
        /// How: `handed`, `post`, `sms`, `email`, `phone`.
        how: Option<String>,
        /// A sentence on when the papers are expected.
        due_note: Option<String>,
    }

    /// The amount worksheet.
    WorksheetData {
        /// Its lines from top to bottom.
        lines: Vec<WorksheetLine>,
        /// The result.
        result: Option<String>,
        /// The result in capital numerals, such as 壹仟贰佰元整.
        result_capitals: Option<String>,
        /// How the amount is worked out, in words.
        explain: Option<String>,
    }

    /// One line of the worksheet.
    WorksheetLine {
        /// What it is.
        label: Option<String>,
        /// The operation as printed: `＋`, `－`, `×`, `＝` or empty.
        op: Option<String>,
        /// The value as printed: money or a rate.
        value: Option<String>,
    }

    /// A decision.
    DecisionData {
        /// `pay`, `pay_part` or `advance`.
        outcome: Option<String>,
        /// Amount to pay.
        amount: Option<String>,
        /// The amount in capital numerals.
        amount_capitals: Option<String>,
        /// Reasons, one paragraph each.
        reasons: Vec<String>,
        /// Clauses and law it rests on.
        basis: Option<String>,
        /// When it was made.
        decided_at: Option<String>,
        /// By whom.
        decided_by: Option<String>,
    }

    /// A refusal.
    RefusalData {
        /// Reasons, one paragraph each.
        reasons: Vec<String>,
        /// Clauses of the contract.
        clauses: Vec<String>,
        /// Law it rests on.
        basis: Option<String>,
        /// When the assessment was finished.
        decided_at: Option<String>,
        /// By whom.
        decided_by: Option<String>,
        /// Mediation body with its telephone.
        mediation: Option<String>,
        /// Arbitration body, when the contract names one.
        arbitration: Option<String>,
    }

    /// Progress.
    ProgressData {
        /// What happened, newest last.
        steps: Vec<ProgressStep>,
        /// What comes next, in a sentence.
        next: Option<String>,
        /// When it is expected.
        due: Option<String>,
        /// Who asked.
        asked_by: Option<String>,
        /// When the enquiry was made.
        asked_at: Option<String>,
    }

    /// One step of the progress.
    ProgressStep {
        /// When.
        at: Option<String>,
        /// What.
        what: Option<String>,
        /// A remark.
        note: Option<String>,
    }

    /// How claims of this kind are handled.
    StandardData {
        /// The time limits.
        clocks: Vec<ClockData>,
        /// How the amount is worked out.
        explain: Option<String>,
        /// What the customer is told, one point each.
        told: Vec<String>,
        /// Papers that may be asked for.
        papers: Vec<PaperData>,
        /// Version and date of the standard.
        version: Option<String>,
    }

    /// One time limit.
    ClockData {
        /// What must be done.
        name: Option<String>,
        /// How long, such as `30 日`.
        limit: Option<String>,
        /// The rule it comes from.
        source: Option<String>,
        /// Whether the rule was checked against its text.
        verified: Option<bool>,
    }

    /// Everything `complaint_summary` binds to. Figures are written as people read them; a share says `87.5% (7/8)`.
    SummaryPrintData {
        /// The branch that counted.
        branch: BranchData,
        /// What it is filed under.
        number: Option<String>,
        /// Its days, such as `2026-07-01 – 2026-09-30`.
        period: Option<String>,
        /// The days before that it is compared with.
        before: Option<String>,
        /// The same days of the year before.
        year_earlier: Option<String>,
        /// Who counted.
        counted_by: Option<String>,
        /// How many merged ones and ones that were no complaints were left out.
        left_out: Option<String>,
        /// When it was printed, RFC 3339.
        printed_at: Option<String>,
        /// All complaints.
        total: SummaryRowData,
        /// Over time.
        line: Vec<SummaryRowData>,
        /// By dimension.
        tables: Vec<SummaryTableData>,
        /// Causes at institutions.
        hotspots: Vec<SummaryRowData>,
        /// Those over the law's limit.
        overdue: Vec<SummaryOverdueData>,
    }

    /// Complaints counted by one dimension.
    SummaryTableData {
        /// The dimension in words.
        title: Option<String>,
        /// The most frequent, for bars.
        bars: Vec<SummaryRowData>,
        /// All of them.
        rows: Vec<SummaryRowData>,
    }

    /// A row, a bar or a point.
    SummaryRowData {
        /// What it is.
        name: Option<String>,
        /// Where, of a hotspot.
        place: Option<String>,
        /// How many, as a number.
        value: Option<u32>,
        /// How many.
        count: Option<String>,
        /// Of all.
        share: Option<String>,
        /// Change to the period before, such as `+8.1%`.
        before: Option<String>,
        /// Change to the same period of the year before.
        year_earlier: Option<String>,
        /// Told.
        told: Option<String>,
        /// Still owed.
        open: Option<String>,
        /// Median days.
        median: Option<String>,
        /// Ninetieth percentile of days.
        ninth: Option<String>,
        /// First answer within 48 hours.
        first: Option<String>,
        /// Told within 7 working days.
        house: Option<String>,
        /// Told within 15 days.
        plain: Option<String>,
        /// Told within 30 days.
        extended: Option<String>,
        /// Over the law's limit.
        overdue: Option<String>,
        /// Major.
        major: Option<String>,
        /// Repeated.
        repeated: Option<String>,
        /// From the regulator.
        regulator: Option<String>,
        /// Mean satisfaction of five.
        satisfaction: Option<String>,
        /// Compensation in yuan.
        compensation: Option<String>,
    }

    /// A complaint over the law's limit.
    SummaryOverdueData {
        /// Its number.
        no: Option<String>,
        /// The day it was received.
        received_at: Option<String>,
        /// The last day.
        due: Option<String>,
        /// The day the complainant was told.
        told_at: Option<String>,
        /// Where it stands.
        status: Option<String>,
        /// Its cause.
        cause: Option<String>,
        /// Who handles it.
        handler: Option<String>,
    }

    /// Everything the complaint layouts bind to.
    ComplaintPrintData {
        /// The branch that issues the document.
        branch: BranchData,
        /// Its number.
        no: Option<String>,
        /// When it was received, RFC 3339.
        received_at: Option<String>,
        /// How, in words.
        channel: Option<String>,
        /// Where.
        place: Option<String>,
        /// Which recording has the call.
        recording: Option<String>,
        /// The regulator's number.
        regulator_no: Option<String>,
        /// Who complains.
        complainant: Option<String>,
        /// Identity number.
        id_no: Option<String>,
        /// Mobile.
        mobile: Option<String>,
        /// Address.
        address: Option<String>,
        /// Who speaks for them, and by which paper.
        proxy: Option<String>,
        /// How many complain together, from two on.
        people: Option<String>,
        /// Institution complained of.
        institution: Option<String>,
        /// Staff complained of.
        staff: Option<String>,
        /// The policy.
        policy_no: Option<String>,
        /// The claim.
        claim_no: Option<String>,
        /// What happened.
        matter: Option<String>,
        /// What is demanded.
        request: Option<String>,
        /// Facts and reasons as stated.
        basis: Option<String>,
        /// Outcome hoped for.
        expected: Option<String>,
        /// Until when the first answer is due, RFC 3339.
        first_response_due: Option<String>,
        /// Until when the law wants a decision, RFC 3339.
        statutory_due: Option<String>,
        /// Why it takes longer.
        extension_reason: Option<String>,
        /// Who approved that.
        extension_approver: Option<String>,
        /// True or not, in words.
        finding: Option<String>,
        /// The facts found.
        facts: Option<String>,
        /// Who is liable.
        liable: Option<String>,
        /// The decision.
        decision: Option<String>,
        /// What it rests on.
        decision_basis: Option<String>,
        /// Compensation.
        amount: Option<String>,
        /// The same in capital numerals.
        amount_capitals: Option<String>,
        /// Who issues the paper.
        clerk: Option<String>,
        /// When, RFC 3339.
        printed_at: Option<String>,
        /// Who speaks for a group.
        representatives: Vec<String>,
        /// Papers handed over.
        papers: Vec<String>,
        /// What is still missing.
        missing: Vec<String>,
        /// Reasons of the decision, one each.
        reasons: Vec<String>,
        /// Notes for the file; they stand on the internal copy only.
        internal_notes: Vec<String>,
    }

    /// The recovery code sheet of the first run.
    RecoveryPrintData {
        /// The branch.
        branch: BranchData,
        /// The code in groups, as shown on the screen.
        code: Option<String>,
        /// The same in lines of whole groups: a group is never broken, however wide its letters are.
        code_lines: Option<String>,
        /// The profile it opens.
        profile: Option<String>,
        /// The first administrator.
        administrator: Option<String>,
        /// When it was printed.
        printed_at: Option<String>,
    }
}
