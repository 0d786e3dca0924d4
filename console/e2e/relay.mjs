// What stands between the browser and the cloud, so that a test can take the cloud away and give it
// back on the same port: while it is away, every connection is cut.
import { connect, createServer } from 'node:net';

export function relay(port) {
  const open = new Set();
  let away = false;
  const server = createServer((browser) => {
    if (away) {
      browser.destroy();
      return;
    }
    const cloud = connect(port, 'localhost');
    for (const socket of [browser, cloud]) {
      open.add(socket);
      socket.on('close', () => {
        open.delete(socket);
        browser.destroy();
        cloud.destroy();
      });
      socket.on('error', () => socket.destroy());
    }
    browser.pipe(cloud);
    cloud.pipe(browser);
  });
  return {
    listen: () => new Promise((resolve) => server.listen(0, 'localhost', () => resolve(server.address().port))),
    take: () => {
      away = true;
      for (const socket of open) socket.destroy();
    },
    giveBack: () => {
      away = false;
    },
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
