// Candidates of a character, to choose one from.
import { NextResponse } from 'next/server';
import { nb } from '../../nb.js';

export async function POST(request) {
  const { prompt, count = 4 } = await request.json();
  const { status, data } = await nb('characters', { prompt, count, size: '1K' });
  return NextResponse.json(data, { status });
}
