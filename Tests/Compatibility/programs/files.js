// Watches the working directory, pipes a file through gzip; `escape FILE` prints a file.
const fs = require('fs');
const zlib = require('zlib');
const {createHash} = require('crypto');
const {pipeline} = require('stream');
const [what, file] = process.argv.slice(2);
if (what === 'escape') {
  process.stdout.write(fs.readFileSync(file));
} else {
  const watcher = fs.watch('.', (event, name) => {
    if (event === 'rename' && name === 'copy.gz') {
      console.log(`seen: ${event} ${name}`, createHash('sha256').update(fs.readFileSync('a.txt')).digest('hex').length);
      watcher.close();
    }
  });
  pipeline(fs.createReadStream('a.txt'), zlib.createGzip(), fs.createWriteStream('copy.gz'), (error) => {
    if (error) throw error;
  });
}
