use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::Value;

/// A provider's public key, as its key set has it (RFC 7517). Those of other kinds are left out.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Key {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default, rename = "use")]
    used_for: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    n: Option<String>,
    #[serde(default)]
    e: Option<String>,
    #[serde(default)]
    x: Option<String>,
    #[serde(default)]
    y: Option<String>,
}

/// What a token must say to count here and now.
pub(super) struct Expected<'e> {
    pub(super) issuer: &'e str,
    pub(super) client_id: &'e str,
    pub(super) nonce: &'e str,
    pub(super) now: DateTime<Utc>,
    /// They must have shown who they are within this long. `None`: whenever they did.
    pub(super) within: Option<TimeDelta>,
}

/// Why a token does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenFault {
    /// It is no token.
    #[error("the identity token cannot be read")]
    Unreadable,
    /// It is signed in a way that is not taken: only RS256 and ES256 are.
    #[error("the identity token is signed in another way than RS256 or ES256")]
    Algorithm,
    /// No key of the provider fits it. They may have others by now.
    #[error("the identity token is signed with a key that the provider does not show")]
    UnknownKey,
    /// The signature is wrong.
    #[error("the signature of the identity token is wrong")]
    Signature,
    /// Another provider made it.
    #[error("the identity token is another provider's")]
    Issuer,
    /// It was made for another program.
    #[error("the identity token was made for another program")]
    Audience,
    /// It answers another request than this browser's.
    #[error("the identity token answers another request")]
    Nonce,
    /// It has run out, or is of a time to come.
    #[error("the identity token is of another time")]
    Time,
    /// They showed who they are too long ago, or it does not say when.
    #[error("they were to sign in anew, and the provider does not say that they did")]
    NotAnew,
}

/// What a token says of somebody, once everything about it is right.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Claims {
    iss: String,
    pub(super) sub: String,
    aud: OneOrSeveral,
    #[serde(default)]
    azp: Option<String>,
    exp: i64,
    iat: i64,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    auth_time: Option<i64>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    email_verified: Option<Value>,
    #[serde(flatten)]
    others: serde_json::Map<String, Value>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum OneOrSeveral {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

/// How far two clocks may be apart.
const CLOCKS: TimeDelta = TimeDelta::minutes(1);

impl Claims {
    /// Their e-mail address, if the provider says that it is theirs.
    pub(super) fn verified_email(&self) -> Option<String> {
        // Some write it as a text.
        let verified = matches!(&self.email_verified, Some(Value::Bool(true)))
            || self.email_verified.as_ref().and_then(Value::as_str) == Some("true");
        self.email.clone().filter(|_| verified)
    }

    /// Another claim, if it is a text that says something or a number.
    pub(super) fn other(&self, name: &str) -> Option<String> {
        match self.others.get(name)? {
            Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

/// What a token says, if it is this provider's, for us, for this request and for now (OpenID Connect Core 1.0, section 3.1.3.7).
pub(super) fn verify(token: &str, keys: &[Key], expected: &Expected<'_>) -> Result<Claims, TokenFault> {
    let (signed, signature) = token.rsplit_once('.').ok_or(TokenFault::Unreadable)?;
    let (header, payload) = signed.split_once('.').ok_or(TokenFault::Unreadable)?;
    let header: Header = read(header)?;
    if header.crit.is_some() {
        return Err(TokenFault::Algorithm);
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenFault::Unreadable)?;
    let kind = match header.alg.as_str() {
        "RS256" => "RSA",
        "ES256" => "EC",
        _ => return Err(TokenFault::Algorithm),
    };
    let fits = |key: &&Key| {
        key.kty == kind
            && key.used_for.as_deref().is_none_or(|used_for| used_for == "sig")
            && key.alg.as_ref().is_none_or(|alg| *alg == header.alg)
            && header.kid.as_ref().is_none_or(|kid| key.kid.as_ref() == Some(kid))
    };
    let mut fitting = keys.iter().filter(fits).peekable();
    if fitting.peek().is_none() {
        return Err(TokenFault::UnknownKey);
    }
    if !fitting.any(|key| key.has_signed(signed.as_bytes(), &signature)) {
        return Err(TokenFault::Signature);
    }
    let claims: Claims = read(payload)?;
    check(&claims, expected)?;
    Ok(claims)
}

fn check(claims: &Claims, expected: &Expected<'_>) -> Result<(), TokenFault> {
    if claims.iss != expected.issuer {
        return Err(TokenFault::Issuer);
    }
    let (for_us, several) = match &claims.aud {
        OneOrSeveral::One(one) => (one == expected.client_id, false),
        OneOrSeveral::Several(all) => (all.iter().any(|one| one == expected.client_id), all.len() > 1),
    };
    let authorised = match &claims.azp {
        Some(azp) => azp == expected.client_id,
        None => !several,
    };
    if !for_us || !authorised {
        return Err(TokenFault::Audience);
    }
    if claims.nonce.as_deref() != Some(expected.nonce) {
        return Err(TokenFault::Nonce);
    }
    let moment = |seconds: i64| DateTime::from_timestamp(seconds, 0).ok_or(TokenFault::Time);
    let (exp, iat) = (moment(claims.exp)?, moment(claims.iat)?);
    if expected.now >= exp + CLOCKS || iat > expected.now + CLOCKS {
        return Err(TokenFault::Time);
    }
    if let Some(within) = expected.within {
        let shown_at = moment(claims.auth_time.ok_or(TokenFault::NotAnew)?)?;
        if shown_at + within + CLOCKS < expected.now {
            return Err(TokenFault::NotAnew);
        }
    }
    if claims.sub.is_empty() || claims.sub.len() > 255 {
        return Err(TokenFault::Unreadable);
    }
    Ok(())
}

impl Key {
    fn has_signed(&self, signed: &[u8], signature: &[u8]) -> bool {
        let number = |written: &Option<String>| URL_SAFE_NO_PAD.decode(written.as_deref()?).ok();
        match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => {
                let (Some(n), Some(e)) = (number(&self.n), number(&self.e)) else { return false };
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature).is_ok()
            }
            ("EC", Some("P-256")) => {
                let (Some(x), Some(y)) = (number(&self.x), number(&self.y)) else { return false };
                let point = [&[4], &x[..], &y[..]].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature).is_ok()
            }
            _ => false,
        }
    }
}

fn read<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, TokenFault> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenFault::Unreadable)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenFault::Unreadable)
}

#[cfg(test)]
mod tests {
    use ring::{
        rand::SystemRandom,
        signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
    };
    use serde_json::json;

    use super::*;

    /// A provider with one key.
    struct Provider {
        pair: EcdsaKeyPair,
        keys: Vec<Key>,
    }

    impl Provider {
        fn new() -> Self {
            let random = SystemRandom::new();
            let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
            let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
            let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
            let key = json!({"kty": "EC", "crv": "P-256", "kid": "k1", "use": "sig", "x": x, "y": y});
            Self { pair, keys: vec![serde_json::from_value(key).unwrap()] }
        }

        fn token(&self, header: &Value, claims: &Value) -> String {
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let signed = format!("{}.{}", part(header), part(claims));
            let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
            format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
        }
    }

    fn header() -> Value {
        json!({"alg": "ES256", "kid": "k1"})
    }

    fn claims() -> Value {
        json!({
            "iss": "https://login.example", "sub": "amy", "aud": "induct", "nonce": "n", "iat": 1000, "exp": 1300, "auth_time": 990,
            "email": "amy@northfield.example", "email_verified": true, "employee": 7
        })
    }

    fn with(change: &Value) -> Value {
        let mut claims = claims();
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    }

    fn expected(now: i64) -> Expected<'static> {
        let now = DateTime::from_timestamp(now, 0).unwrap();
        Expected { issuer: "https://login.example", client_id: "induct", nonce: "n", now, within: None }
    }

    #[test]
    fn what_is_right_says_who_it_is() {
        let provider = Provider::new();
        let claims = verify(&provider.token(&header(), &claims()), &provider.keys, &expected(1100)).unwrap();
        assert_eq!(claims.sub, "amy");
        assert_eq!(claims.verified_email().as_deref(), Some("amy@northfield.example"));
        assert_eq!((claims.other("employee").as_deref(), claims.other("nothing")), (Some("7"), None));
    }

    #[test]
    fn an_address_that_the_provider_does_not_vouch_for_is_nobodys() {
        let provider = Provider::new();
        for (verified, taken) in [
            (json!(true), true),
            (json!("true"), true),
            (json!(false), false),
            (json!("no"), false),
            (Value::Null, false),
        ] {
            let token = provider.token(&header(), &with(&json!({"email_verified": verified})));
            let claims = verify(&token, &provider.keys, &expected(1100)).unwrap();
            assert_eq!(claims.verified_email().is_some(), taken, "{verified}");
        }
    }

    #[test]
    fn whatever_is_wrong_is_refused() {
        let provider = Provider::new();
        for (change, fault) in [
            (json!({"iss": "https://login.example/"}), TokenFault::Issuer),
            (json!({"aud": "another"}), TokenFault::Audience),
            (json!({"aud": ["another", "third"]}), TokenFault::Audience),
            // For several, it must say for whom it was made.
            (json!({"aud": ["induct", "another"]}), TokenFault::Audience),
            (json!({"azp": "another"}), TokenFault::Audience),
            (json!({"nonce": "m"}), TokenFault::Nonce),
            (json!({"nonce": null}), TokenFault::Nonce),
            (json!({"exp": 1040}), TokenFault::Time),
            (json!({"iat": 1161}), TokenFault::Time),
            (json!({"sub": ""}), TokenFault::Unreadable),
            (json!({"exp": "soon"}), TokenFault::Unreadable),
        ] {
            let found = verify(&provider.token(&header(), &with(&change)), &provider.keys, &expected(1100));
            assert_eq!(found.unwrap_err(), fault, "{change}");
        }
        let several = with(&json!({"aud": ["induct", "another"], "azp": "induct"}));
        assert!(verify(&provider.token(&header(), &several), &provider.keys, &expected(1100)).is_ok());
    }

    #[test]
    fn only_the_provider_signs() {
        let (provider, stranger) = (Provider::new(), Provider::new());
        let refused = |token: &str| verify(token, &provider.keys, &expected(1100)).unwrap_err();
        assert_eq!(refused(&stranger.token(&header(), &claims())), TokenFault::Signature);
        let token = provider.token(&header(), &claims());
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (head, _) = signed.split_once('.').unwrap();
        let forged = URL_SAFE_NO_PAD.encode(with(&json!({"sub": "root"})).to_string());
        assert_eq!(refused(&format!("{head}.{forged}.{signature}")), TokenFault::Signature);
        // Nothing else is taken for a signature: none, nor one with a secret that everybody knows.
        for alg in ["none", "HS256", "RS512", ""] {
            let token = provider.token(&json!({"alg": alg, "kid": "k1"}), &claims());
            assert_eq!(refused(&token), TokenFault::Algorithm, "{alg}");
        }
        assert_eq!(refused(&provider.token(&json!({"alg": "RS256", "kid": "k1"}), &claims())), TokenFault::UnknownKey);
        assert_eq!(refused(&provider.token(&json!({"alg": "ES256", "kid": "k2"}), &claims())), TokenFault::UnknownKey);
        let critical = json!({"alg": "ES256", "kid": "k1", "crit": ["x"]});
        assert_eq!(refused(&provider.token(&critical, &claims())), TokenFault::Algorithm);
        for broken in ["", "a", "a.b", "a.b.c", "..", &token[1..]] {
            assert_eq!(refused(broken), TokenFault::Unreadable, "{broken}");
        }
    }

    #[test]
    fn who_must_sign_in_anew_is_asked_when_they_did() {
        let provider = Provider::new();
        let anew = |now| Expected { within: Some(TimeDelta::minutes(10)), ..expected(now) };
        let token = provider.token(&header(), &claims());
        assert!(verify(&token, &provider.keys, &anew(1100)).is_ok());
        let long_ago = provider.token(&header(), &with(&json!({"auth_time": 300})));
        assert_eq!(verify(&long_ago, &provider.keys, &anew(1100)).unwrap_err(), TokenFault::NotAnew);
        let unsaid = provider.token(&header(), &with(&json!({"auth_time": null})));
        assert_eq!(verify(&unsaid, &provider.keys, &anew(1100)).unwrap_err(), TokenFault::NotAnew);
    }
}
