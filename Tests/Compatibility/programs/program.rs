// Threads, a file and a page; `escape FILE` prints a file.
use std::io::{Read, Write};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words[0] == "escape" {
        return print!("{}", std::fs::read_to_string(&words[1]).unwrap());
    }
    let status = std::thread::spawn(move || {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", words[1].parse::<u16>().unwrap())).unwrap();
        stream.write_all(b"GET /page HTTP/1.0\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_string()
    });
    let text = std::thread::spawn(|| std::fs::read_to_string("a.txt").unwrap());
    println!("{} {}", status.join().unwrap(), text.join().unwrap());
}
