//! Averages the pixels that fall into each one of a smaller picture, exactly and row by row.

/// A picture of RGB that is being made of the rows of a larger one.
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
    pub fn push(&mut self, rgb: &[u8]) {
        if self.y == self.from.1 {
            return;
        }
        let made = self.pixels.len() / (3 * self.to.0);
        spread(self.y, self.from.1, self.to.1, |to, part| {
            if to > made {
                self.finish();
            }
            let columns = self.columns.iter_mut().zip(rgb);
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
        let mut sums = vec![[0_u64; 3]; self.to.0];
        for (x, rgb) in self.columns.chunks_exact(3).enumerate() {
            spread(x, width, self.to.0, |to, part| {
                let all = sums[to].iter_mut().zip(rgb);
                all.for_each(|(sum, it)| *sum += u64::from(*it) * part as u64);
            });
        }
        let area = (width * height) as u64;
        let averages = sums.as_flattened().iter().map(|it| ((it + area / 2) / area) as u8);
        self.pixels.extend(averages);
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
