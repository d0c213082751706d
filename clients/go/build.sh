#!/bin/sh
# Makes FOLDER/client; it speaks both SOAP versions, and nothing is generated.   build.sh ADDRESS FOLDER SOAP
# Needs (Debian): golang-go
set -eu
here=$(cd "$(dirname "$0")" && pwd)
go build -o "$2/client" "$here/client.go"
