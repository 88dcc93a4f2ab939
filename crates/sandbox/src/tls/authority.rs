//! A certificate authority of this machine alone: made at the first start, and good for Twilio's names and this machine's only.

use std::fs;
use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{Datelike, TimeDelta};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};

use crate::seam::Time;

/// The authority's certificate, to be trusted by browsers and programs.
pub const CERTIFICATE: &str = "sandbox-ca.pem";
/// Its key.
const KEY: &str = "sandbox-ca-key.pem";
/// Days for which the sandbox's own certificate is good; it is made anew at every start.
const DAYS: i64 = 390;
/// The names that the sandbox answers to. A star stands for one label.
const NAMES: &[&str] = &[
    "localhost",
    "*.twilio.com",
    "*.us1.twilio.com",
    "*.ie1.twilio.com",
    "*.au1.twilio.com",
    "*.dublin.ie1.twilio.com",
    "*.sydney.au1.twilio.com",
    "*.ashburn.us1.twilio.com",
    "voice-js.ashburn.twilio.com",
    "voice-js.dublin.twilio.com",
    "voice-js.frankfurt.twilio.com",
    "voice-js.roaming.twilio.com",
    "voice-js.sao-paulo.twilio.com",
    "voice-js.singapore.twilio.com",
    "voice-js.sydney.twilio.com",
    "voice-js.tokyo.twilio.com",
    "voice-js.umatilla.twilio.com",
];

/// A certificate and its key, as DER.
pub(super) struct Identity {
    pub(super) certificate: Vec<u8>,
    pub(super) key: Vec<u8>,
}

/// The sandbox's certificate, signed by the authority in this folder; the authority is made where there is none.
pub(super) fn identity(folder: &Path, now: Time) -> io::Result<Identity> {
    let issuer = authority(folder, now)?;
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "Sandbox of this machine");
    params.use_authority_key_identifier_extension = true;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    valid(&mut params, now, DAYS);
    for name in NAMES {
        let name = (*name).try_into().map_err(io::Error::other)?;
        params.subject_alt_names.push(SanType::DnsName(name));
    }
    let here = std::net::Ipv4Addr::LOCALHOST.into();
    params.subject_alt_names.push(SanType::IpAddress(here));
    let certificate = params.signed_by(&key, &issuer).map_err(io::Error::other)?;
    Ok(Identity {
        certificate: certificate.der().to_vec(),
        key: key.serialize_der(),
    })
}

fn authority(folder: &Path, now: Time) -> io::Result<Issuer<'static, KeyPair>> {
    let (certificate, key) = (folder.join(CERTIFICATE), folder.join(KEY));
    let params = authority_params(now);
    if certificate.is_file() && key.is_file() {
        let der = read_pem(&fs::read_to_string(key)?)?;
        let key = KeyPair::try_from(der).map_err(io::Error::other)?;
        return Ok(Issuer::new(params, key));
    }
    fs::create_dir_all(folder)?;
    let pair = KeyPair::generate().map_err(io::Error::other)?;
    let made = params.self_signed(&pair).map_err(io::Error::other)?;
    write_secret(&key, &pem("PRIVATE KEY", &pair.serialize_der()))?;
    fs::write(certificate, pem("CERTIFICATE", made.der()))?;
    Ok(Issuer::new(params, pair))
}

/// Whoever got hold of the key could pretend to be Twilio to this machine, and nobody else to anybody.
fn authority_params(now: Time) -> CertificateParams {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "Sandbox authority of this machine");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("twilio.com".into()),
            GeneralSubtree::DnsName("localhost".into()),
            GeneralSubtree::IpAddress(CidrSubnet::V4([127, 0, 0, 0], [255, 0, 0, 0])),
        ],
        excluded_subtrees: Vec::new(),
    });
    valid(&mut params, now, 10 * 365);
    params
}

fn valid(params: &mut CertificateParams, now: Time, days: i64) {
    let day = |time: Time| {
        let part = |number: u32| u8::try_from(number).unwrap_or(1);
        rcgen::date_time_ymd(time.year(), part(time.month()), part(time.day()))
    };
    params.not_before = day(now - TimeDelta::days(1));
    params.not_after = day(now + TimeDelta::days(days));
}

fn pem(what: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {what}-----\n");
    for line in text.as_bytes().chunks(64) {
        out.push_str(&String::from_utf8_lossy(line));
        out.push('\n');
    }
    out + &format!("-----END {what}-----\n")
}

fn read_pem(text: &str) -> io::Result<Vec<u8>> {
    let lines = text.lines().filter(|line| !line.starts_with("-----"));
    let encoded: String = lines.map(str::trim).collect();
    STANDARD.decode(encoded).map_err(io::Error::other)
}

/// Writes what nobody else on the machine may read.
fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    io::Write::write_all(&mut options.open(path)?, text.as_bytes())
}
