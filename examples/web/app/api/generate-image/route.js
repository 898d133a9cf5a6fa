// app/api/generate-image/route.js: prompt in, data URL out. What it gives when all is well is what it always gave;
// pictures of one character need its anchor's name, too.
import { NextResponse } from 'next/server';
import { nb } from '../../nb.js';

export async function POST(request) {
  const { prompt, aspectRatio = '1:1', imageSize = '2K', anchors = [] } = await request.json();

  try {
    const { status, data } = await nb('images', { prompt, aspectRatio, imageSize, anchors });
    // error says what happened, advice what to do; id names it for programs.
    if (status !== 200) return NextResponse.json({ error: data.error, id: data.id, advice: data.advice }, { status });
    return NextResponse.json({
      image: { data: data.image.data, mimeType: data.image.mimeType, url: data.image.url },
      id: data.id,
    });
  } catch (error) {
    return NextResponse.json({ error: 'Generation failed' }, { status: 500 });
  }
}
