#!/bin/sh
# Makes FOLDER/signed from the contract at ADDRESS; it speaks both SOAP versions.   build_signed.sh ADDRESS FOLDER SOAP
# Needs (Debian): mono-devel
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$2"
wsdl -namespace:Indberetning -out:Indberetning.cs "$1/services/UDB/IndberetningUngdomsuddannelse/v1?wsdl"
mcs -nologo -out:Signed.exe -r:System.Web.Services -r:System.Web.Extensions -r:System.Security "$here/Signed.cs" Indberetning.cs
printf '#!/bin/sh\nexec mono "%s/Signed.exe" "$@"\n' "$PWD" > signed
chmod +x signed
