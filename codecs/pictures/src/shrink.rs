//! Averages the pixels that fall into each one of a smaller picture, exactly and row by row.
//! Pixels have three channels, of any kind that can be averaged.

/// A picture that is being made of the rows of a larger one.
pub struct Shrinker {
    from: (usize, usize),
    /// Its width and height.
    pub to: (usize, usize),
    pub pixels: Vec<u8>,
    /// Sums of the columns that fall into the row that is made: 255 x 65,535 at most.
    columns: Vec<u32>,
    /// Rows read.
    y: usize,
}

impl Shrinker {
    /// The longer side of the result has at most `size` pixels; it is never larger.
    pub fn new(width: usize, height: usize, size: usize) -> Self {
        let longer = width.max(height);
        let side = |it: usize| if longer <= size { it } else { (it * size / longer).max(1) };
        let to = (side(width), side(height));
        let pixels = Vec::with_capacity(3 * to.0 * to.1);
        Shrinker { from: (width, height), to, pixels, columns: vec![0; 3 * width], y: 0 }
    }

    /// Takes the next row, as wide as the picture. More rows than it has are left out.
    pub fn push(&mut self, row: &[u8]) {
        if self.y == self.from.1 {
            return;
        }
        let made = self.pixels.len() / (3 * self.to.0);
        spread(self.y, self.from.1, self.to.1, |to, part| {
            if to > made {
                self.finish();
            }
            let columns = self.columns.iter_mut().zip(row);
            columns.for_each(|(sum, it)| *sum += u32::from(*it) * part as u32);
        });
        self.y += 1;
        if self.y == self.from.1 {
            self.finish();
        }
    }

    /// Appends a row, and begins the next.
    fn finish(&mut self) {
        let (width, height) = self.from;
        let to = self.to.0;
        let area = (width * height) as u64;
        // Multiplied instead of divided by: sums have 34 bits at most.
        let reciprocal = (1_u64 << 48).div_ceil(area);
        let columns = self.columns.as_chunks::<3>().0;
        for x in 0..to {
            let (start, end) = (x * width, (x + 1) * width);
            let (first, last) = (start / to, (end - 1) / to);
            // All columns that are touched, less what lies before and after.
            let mut sums = [0_u64; 3];
            for column in &columns[first..=last] {
                sums.iter_mut().zip(column).for_each(|(sum, it)| *sum += u64::from(*it));
            }
            let (before, after) = ((start - first * to) as u64, ((last + 1) * to - end) as u64);
            for (channel, sum) in sums.into_iter().enumerate() {
                let column = |at: usize| u64::from(columns[at][channel]);
                let sum = sum * to as u64 - column(first) * before - column(last) * after;
                self.pixels.push(((sum + area / 2) * reciprocal >> 48) as u8);
            }
        }
        self.columns.fill(0);
    }
}

/// The parts of a step that fall on one or two longer steps, of which `to` are as long as
/// `from` of the shorter ones.
fn spread(at: usize, from: usize, to: usize, mut part: impl FnMut(usize, usize)) {
    let (start, end) = (at * to, (at + 1) * to);
    let (first, last) = (start / from, (end - 1) / from);
    if first == last {
        part(first, to);
    } else {
        part(first, last * from - start);
        part(last, end - last * from);
    }
}
