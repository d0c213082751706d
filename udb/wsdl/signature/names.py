"""The names of WS-Security 1.0 and XML-DSig, and of the algorithms."""

from typing import Final

from udb.wsdl import soap

_OASIS: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
WSSE: Final = soap.WSSE
WSU: Final = f"{_OASIS}-wssecurity-utility-1.0.xsd"
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
EXC_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
X509V3: Final = f"{_OASIS}-x509-token-profile-1.0#X509v3"
BASE64: Final = f"{_OASIS}-soap-message-security-1.0#Base64Binary"

SECURITY: Final = soap.SECURITY
TOKEN: Final = f"{{{WSSE}}}BinarySecurityToken"
TOKEN_REFERENCE: Final = f"{{{WSSE}}}SecurityTokenReference"
DIRECT_REFERENCE: Final = f"{{{WSSE}}}Reference"
TIMESTAMP: Final = f"{{{WSU}}}Timestamp"
CREATED: Final = f"{{{WSU}}}Created"
EXPIRES: Final = f"{{{WSU}}}Expires"
SIGNATURE: Final = f"{{{DS}}}Signature"
SIGNED_INFO: Final = f"{{{DS}}}SignedInfo"
SIGNATURE_VALUE: Final = f"{{{DS}}}SignatureValue"
KEY_INFO: Final = f"{{{DS}}}KeyInfo"
C14N_METHOD: Final = f"{{{DS}}}CanonicalizationMethod"
SIGNATURE_METHOD: Final = f"{{{DS}}}SignatureMethod"
REFERENCE: Final = f"{{{DS}}}Reference"
TRANSFORMS: Final = f"{{{DS}}}Transforms"
TRANSFORM: Final = f"{{{DS}}}Transform"
DIGEST_METHOD: Final = f"{{{DS}}}DigestMethod"
DIGEST_VALUE: Final = f"{{{DS}}}DigestValue"
INCLUSIVE: Final = f"{{{EXC_C14N}}}InclusiveNamespaces"

RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
RSA_SHA1: Final = f"{DS}rsa-sha1"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
SHA1: Final = f"{DS}sha1"
HMAC: Final = "#hmac-"
"""Part of the name of every signature method with a shared key."""

ID_NAMES: Final = frozenset({"Id", "ID", "id"})
"""Local names of the attributes that some SOAP toolkit uses as an element's Id."""
