import { expect, it } from 'vitest';
import { Rate } from './rate';

it('says nothing before it can tell', () => {
  const rate = new Rate();
  expect(rate.perSecond).toBeNull();
  rate.add(0, 10);
  rate.add(500, 400);
  expect(rate.perSecond).toBeNull();
  expect(rate.secondsLeft(1000)).toBeNull();
});

it('tells the speed and the time left', () => {
  const rate = new Rate();
  rate.add(0, 0);
  rate.add(1000, 100);
  rate.add(2000, 200);
  expect(rate.perSecond).toBe(100);
  expect(rate.secondsLeft(500)).toBe(3);
  expect(rate.secondsLeft(100)).toBe(0);
});

it('forgets what is long ago', () => {
  const rate = new Rate();
  rate.add(0, 0);
  for (let second = 1; second <= 30; second += 1) rate.add(second * 1000, second < 10 ? 0 : second);
  expect(rate.perSecond).toBe(1);
});

it('starts anew when the count goes back', () => {
  const rate = new Rate();
  rate.add(0, 0);
  rate.add(5000, 5000);
  rate.add(6000, 0);
  rate.add(7000, 10);
  expect(rate.perSecond).toBe(10);
});
