#!/bin/sh
# Makes FOLDER/client from the contract at ADDRESS; it speaks SOAP 1.1.   build.sh ADDRESS FOLDER SOAP
# Needs: pip install 'xsdata[cli,lxml,soap]', and its programs on the path
set -eu
services="$1/services/UDB"
here=$(cd "$(dirname "$0")" && pwd)
cd "$2"
# One file for each contract: both name the same payload types. Of the whole contract xsdata would keep the types of SOAP 1.2
# under the names of SOAP 1.1.
xsdata generate "$services/IndberetningUngdomsuddannelse/v1?wsdl&soap=1.1" --structure-style single-package --package indberetning
xsdata generate "$services/DataTilKommune/v1?wsdl&soap=1.1" --structure-style single-package --package hentning
cp "$here/client.py" .
printf '#!/bin/sh\nexec "%s" "%s/client.py" "$@"\n' "$(command -v python || command -v python3)" "$PWD" > client
chmod +x client
