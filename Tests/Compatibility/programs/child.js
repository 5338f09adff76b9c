// Starts /bin/echo in two ways; `escape FILE` has a program print a file.
const {execFile, execFileSync} = require('child_process');
const [what, file] = process.argv.slice(2);
if (what === 'escape') {
  process.stdout.write(execFileSync('/bin/cat', [file]));
} else {
  process.stdout.write(execFileSync('/bin/echo', ['one']));
  execFile('/bin/echo', ['two'], (error, out) => process.stdout.write(error ? String(error) : out));
}
