use chrono::{DateTime, SecondsFormat, Utc};
use engine::{Certificate, HowEarned};
use serde_json::{Value, json};

use super::Issuer;

/// The vocabulary of credentials (W3C, Verifiable Credentials Data Model 2.0), and that of badges (1EdTech, Open Badges 3.0).
const CONTEXT: [&str; 2] =
    ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"];

/// A certificate as an `OpenBadgeCredential` (1EdTech, Open Badges 3.0), with the claims of a token beside it: it says nothing that the certificate does not.
pub(crate) fn open_badge(certificate: &Certificate, issuer: Issuer<'_>) -> Value {
    let base_url = issuer.base_url;
    let verify = format!("{base_url}/verify/{}", certificate.code.as_str());
    let holder = format!("{verify}#holder");
    let profile = badge_issuer(issuer);
    let name = certificate.name.as_deref().unwrap_or_default();
    let entry = &certificate.entry;
    let narrative = format!(
        "Entry {} of the signed log {}. The page says whether the pass still stands: it may have been withdrawn, or replaced by a newer edition, since this credential was signed.",
        entry.number, entry.origin
    );
    let mut claims = json!({
        "@context": CONTEXT,
        "id": verify,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": certificate.title,
        "issuer": profile,
        "validFrom": moment(certificate.at),
        "validUntil": moment(certificate.until),
        "awardedDate": moment(certificate.at),
        "evidence": [{ "id": verify, "type": ["Evidence"], "name": "Where it is checked", "narrative": narrative }],
        "credentialSubject": {
            "id": holder,
            "type": ["AchievementSubject"],
            "identifier": [{ "type": "IdentityObject", "hashed": false, "identityHash": name, "identityType": "name" }],
            "narrative": how(certificate.how),
            "achievement": achievement(certificate, base_url),
        },
        "iss": profile["id"],
        "jti": verify,
        "sub": holder,
        "nbf": certificate.at.timestamp(),
        "exp": certificate.until.timestamp(),
    });
    if certificate.how != HowEarned::Workshop {
        let marks = format!("{} of {} marks", certificate.earned, certificate.possible);
        claims["credentialSubject"]["result"] = json!([{ "type": ["Result"], "value": marks }]);
    }
    claims
}

/// Who issues badges here, as a profile by itself and within each of them.
pub(crate) fn badge_issuer(issuer: Issuer<'_>) -> Value {
    json!({
        "id": format!("{}/badges/issuer", issuer.base_url),
        "type": ["Profile"],
        "name": issuer.name,
        "url": issuer.base_url,
    })
}

/// Where the key is found that is known by a digest.
pub(crate) fn badge_key_address(base_url: &str, thumbprint: &str) -> String {
    format!("{base_url}/badges/keys/{thumbprint}")
}

fn achievement(certificate: &Certificate, base_url: &str) -> Value {
    let able = certificate.outcomes.join("; ");
    let description = if able.is_empty() { certificate.title.clone() } else { format!("You will be able to: {able}.") };
    json!({
        "id": format!("{base_url}/modules/{}/versions/{}", certificate.module, certificate.version),
        "type": ["Achievement"],
        "achievementType": "Course",
        "name": certificate.title,
        "description": description,
        "criteria": { "narrative": "Passing the quiz of this version; or, where its author lets that count, having been at a workshop about it." },
        "version": format!("{}, edition {}", certificate.version, certificate.edition),
        "inLanguage": certificate.language.tag(),
    })
}

fn how(how: HowEarned) -> &'static str {
    match how {
        HowEarned::Quiz => "Passed online; the quiz was marked by the server.",
        HowEarned::Refresher => {
            "Renewed online by a refresher of what had changed and had been answered wrongly, marked by the server."
        }
        HowEarned::Workshop => "Passed by having been at a workshop, as whoever led it said.",
        HowEarned::SideBySide => {
            "Worked through with a tutor, as both confirmed; then passed online, marked by the server."
        }
    }
}

/// A moment to the second, as the claims of tokens have it.
fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
