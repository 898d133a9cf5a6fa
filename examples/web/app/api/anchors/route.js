// "Use this one": an image of this server becomes the anchor of a character.
import { NextResponse } from 'next/server';
import { nb } from '../../nb.js';

export async function POST(request) {
  const { name, image } = await request.json();
  const { status, data } = await nb('anchors', { name, image });
  return NextResponse.json(data, { status });
}

export async function GET() {
  const { status, data } = await nb('anchors');
  return NextResponse.json(data, { status });
}
