"""Products that open TLS connections, known by what their certificates call themselves.

Public authorities are never looked up here: a name counts only on a chain that the
public list of roots does not accept.
"""

import re
from collections.abc import Iterable, Mapping

#: Words of an issuer or subject, lower case -> the product. Longer ones stand first
#: where one contains another.
PRODUCTS: Mapping[str, str] = {
    # Inspection of companies, schools and providers.
    "zscaler": "Zscaler",
    "netskope": "Netskope",
    "goskope": "Netskope",
    "fortinet": "Fortinet FortiGate",
    "fortigate": "Fortinet FortiGate",
    "palo alto": "Palo Alto Networks",
    "globalprotect": "Palo Alto Networks",
    "prisma access": "Palo Alto Networks",
    "sophos": "Sophos",
    "cyberoam": "Sophos Cyberoam",
    "cisco umbrella": "Cisco Umbrella",
    "opendns": "Cisco Umbrella",
    "ironport": "Cisco Secure Web Appliance",
    "cisco secure": "Cisco Secure Web Appliance",
    "check point": "Check Point",
    "checkpoint": "Check Point",
    "blue coat": "Symantec (Blue Coat) ProxySG",
    "bluecoat": "Symantec (Blue Coat) ProxySG",
    "symantec web security": "Symantec Web Security Service",
    "forcepoint": "Forcepoint",
    "websense": "Forcepoint (Websense)",
    "skyhigh": "Skyhigh Secure Web Gateway",
    "mcafee web gateway": "McAfee Web Gateway",
    "barracuda": "Barracuda",
    "watchguard": "WatchGuard",
    "sonicwall": "SonicWall",
    "cato networks": "Cato Networks",
    "iboss": "iboss",
    "menlo security": "Menlo Security",
    "cloudflare corporate zero trust": "Cloudflare Zero Trust",
    "cloudflare for teams": "Cloudflare Zero Trust",
    "gateway ca - cloudflare": "Cloudflare Zero Trust",
    "trend micro": "Trend Micro",
    "smoothwall": "Smoothwall",
    "lightspeed": "Lightspeed Systems",
    "securly": "Securly",
    "goguardian": "GoGuardian",
    "contentkeeper": "ContentKeeper",
    "untangle": "Untangle",
    "arista ng firewall": "Arista NG Firewall",
    "squid": "Squid",
    "pfsense": "pfSense",
    "opnsense": "OPNsense",
    # Antivirus and filters on the machine itself.
    "kaspersky": "Kaspersky",
    "avast": "Avast",
    "avg": "AVG",
    "eset": "ESET",
    "bitdefender": "Bitdefender",
    "dr.web": "Dr.Web",
    "adguard": "AdGuard",
    "net nanny": "Net Nanny",
    "qustodio": "Qustodio",
    "superfish": "Superfish",
    # Tools of developers.
    "charles proxy": "Charles",
    "mitmproxy": "mitmproxy",
    "fiddler": "Fiddler",
    "portswigger": "Burp Suite",
    "burp": "Burp Suite",
    "zed attack proxy": "OWASP ZAP",
    "owasp": "OWASP ZAP",
    "proxyman": "Proxyman",
    "http toolkit": "HTTP Toolkit",
}


def product_of(names: Iterable[str]) -> str | None:
    """The product that one of these names (issuers, subjects) belongs to, if any."""
    # Fiddler's root is called DO_NOT_TRUST_FiddlerRoot: an underscore ends a word.
    text = " | ".join(names).lower()
    return next((PRODUCTS[word] for word in PRODUCTS if _begins(word, text)), None)


def _begins(word: str, text: str) -> bool:
    """Whether a word of ``text`` begins like this; a pattern is only made if it may."""
    return word in text and bool(re.search(rf"(?<![a-z0-9]){re.escape(word)}", text))
