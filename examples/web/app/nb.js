// The way from this server to nb web. Neither the key nor the token ever reaches the browser.
export async function nb(path, body) {
  const response = await fetch(new URL(path, process.env.NB_WEB_URL), {
    method: body ? 'POST' : 'GET',
    headers: {
      'Content-Type': 'application/json',
      ...(process.env.NB_WEB_TOKEN && { Authorization: `Bearer ${process.env.NB_WEB_TOKEN}` }),
    },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, data: await response.json() };
}
