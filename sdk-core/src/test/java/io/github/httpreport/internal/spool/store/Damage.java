package io.github.httpreport.internal.spool.store;

import java.util.Arrays;
import java.util.Random;

/** Ways in which the bytes of a file are damaged. */
enum Damage {
  FLIPPED_BITS {
    @Override
    byte[] applyTo(byte[] bytes, Random random) {
      for (int i = 1 + random.nextInt(20); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      return bytes;
    }
  },
  ZEROED_BLOCK {
    @Override
    byte[] applyTo(byte[] bytes, Random random) {
      int block = blockOf(bytes, random);
      Arrays.fill(bytes, block, block + BLOCK, (byte) 0);
      return bytes;
    }
  },
  SWAPPED_BLOCKS {
    @Override
    byte[] applyTo(byte[] bytes, Random random) {
      swap(bytes, blockOf(bytes, random), blockOf(bytes, random));
      return bytes;
    }
  },
  CUT {
    @Override
    byte[] applyTo(byte[] bytes, Random random) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
  },
  /** Which the store reads as lengths of up to two gigabytes. */
  LARGE_NUMBERS {
    @Override
    byte[] applyTo(byte[] bytes, Random random) {
      for (int i = 1 + random.nextInt(20); i > 0; i--) {
        int at = random.nextInt(bytes.length - 5);
        Arrays.fill(bytes, at, at + 4, (byte) 0xff);
        bytes[at + 4] = 7;
      }
      return bytes;
    }
  },
  GARBAGE {
    @Override
    byte[] applyTo(byte[] bytes, Random random) {
      int length = 1 + random.nextInt(20_000);
      int at = random.nextInt(bytes.length - length);
      for (int i = 0; i < length; i++) {
        bytes[at + i] = (byte) random.nextInt();
      }
      return bytes;
    }
  };

  static final int BLOCK = 4096;

  /** Damages an array; the result may be another one. */
  abstract byte[] applyTo(byte[] bytes, Random random);

  private static int blockOf(byte[] bytes, Random random) {
    return random.nextInt(bytes.length / BLOCK) * BLOCK;
  }

  private static void swap(byte[] bytes, int one, int other) {
    byte[] kept = Arrays.copyOfRange(bytes, one, one + BLOCK);
    System.arraycopy(bytes, other, bytes, one, BLOCK);
    System.arraycopy(kept, 0, bytes, other, BLOCK);
  }

  static Damage any(Random random) {
    return values()[random.nextInt(values().length)];
  }
}
