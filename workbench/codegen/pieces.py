"""Paragraphs of a whole project's script: the same arithmetic as the program's own, in plain numpy."""

from __future__ import annotations

SPLIT = '''
def split(groups, given=None):
    """The sample numbers of the training, validation and test part."""
    part = np.full(len(groups), -1) if given is None else np.array(given)
    came = set(part.tolist())
    shares = {name: SPLIT[name] for name in range(3) if name == 0 or name not in came}
    total = sum(shares.values())
    part[part == -1] = 0
    pool = np.flatnonzero(part == 0)
    generator = np.random.default_rng(SPLIT_SEED)
    cut = [name for name in (2, 1) if name in shares]
    owed = dict.fromkeys(cut, 0.0)
    for group in np.unique(groups[pool]):
        members = generator.permutation(pool[groups[pool] == group])
        start = 0
        for place, name in enumerate(cut):
            due = len(members) * (shares[name] / total) + owed[name]
            later = len(cut) - place - 1 if len(members) > len(cut) else 0
            most = len(members) - start - 1 - later
            number = max(0, min(max(round(due), 1), most))
            owed[name] = due - number
            part[members[start : start + number]] = name
            start += number
    for name in (2, 1):
        if not (part == name).any():
            pool = np.flatnonzero(part == 0)
            number = max(1, len(pool) // 10)
            part[generator.choice(pool, size=number, replace=False)] = name
    return [np.flatnonzero(part == name) for name in range(3)]
'''

VALUE_GROUPS = '''
def value_groups(values):
    """Ten groups of equal size, so that all parts hold small and large values."""
    if len(values) < 50:
        return np.zeros(len(values), int)
    ranks = np.empty(len(values), int)
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks * 10 // len(values)
'''

NATURAL = '''
def natural(word):
    """Puts "2" before "10"."""
    pieces = [piece for piece in re.split(r"(\\d+)", word) if piece]
    return [(0, int(p), "") if p.isdecimal() else (1, 0, p) for p in pieces]
'''

READ_CSV = '''
def read_table():
    """The file's columns by name, as texts; None where a value is missing."""
    with open(DATA, encoding=ENCODING) as file:
        text = file.read()
    if DELIMITER == " ":
        text = "\\n".join(" ".join(line.split()) for line in text.split("\\n"))
    reader = csv.reader(io.StringIO(text), delimiter=DELIMITER, skipinitialspace=True)
    rows = [row for row in reader if len(row) > 1 or (row and row[0].strip())]
    rows = [row for row in rows[ROWS_ABOVE:] if len(row) == len(NAMES)]
    columns = [[cell.strip() for cell in column] for column in zip(*rows)]
    known = [[None if c.lower() in MISSING else c for c in cells] for cells in columns]
    return dict(zip(NAMES, known))
'''

NUMBER = '''
def number(cell, comma=False):
    """A cell as a number; NaN where it is missing or a text."""
    if isinstance(cell, str) and comma:
        cell = cell.replace(".", "").replace(",", ".")
    try:
        return float(cell)
    except (TypeError, ValueError):
        return float("nan")
'''

ANSWERS = '''
def answers_of(cells, classes, comma=False):
    """A target's cells as class numbers, or as values; NaN where there is none."""
    if classes is None:
        return np.array([number(cell, comma) for cell in cells])
    words, names = cells, classes
    if all(np.isfinite(number(name)) for name in classes):
        words = [f"{number(cell):.17g}" for cell in cells]
        names = [f"{number(name):.17g}" for name in classes]
    places = {name: place for place, name in enumerate(names)}
    return np.array([places.get(word, np.nan) for word in words])
'''

NUMERIC = '''
def numeric(cells, train):
    """(value - mean) / std of the training part, and a flag where it has gaps."""
    values = np.array(cells, np.float64).astype(np.float32)
    known = np.isfinite(values)
    learned = values[train][known[train]].astype(np.float64)
    fill = np.float32(np.median(learned)) if len(learned) else np.float32(0)
    filled = np.where(known, values, fill).astype(np.float64)
    mean, std = filled[train].mean(), filled[train].std()
    if std <= 1e-12 * max(1.0, np.abs(filled[train]).max()):
        std = 1.0
    features = [(filled - mean) / std]
    return features if known[train].all() else [*features, ~known]
'''

CATEGORICAL = '''
def categorical(cells, train):
    """One feature for each category that the training part holds."""
    seen = Counter(cells[place] for place in train if cells[place] is not None)
    most = sorted(seen, key=lambda word: (-seen[word], word))[:256]
    categories = sorted(most, key=natural)
    return [[cell == category for cell in cells] for category in categories]
'''

PICTURES = '''
def weights(size_in, size_out):
    """The matrix that resizes one axis: a triangle filter with antialiasing."""
    scale = size_in / size_out
    centres = (np.arange(size_out)[:, None] + 0.5) * scale - 0.5
    far = np.abs(centres - np.arange(size_in)[None, :]) / max(scale, 1.0)
    found = np.maximum(0.0, 1.0 - far)
    return found / found.sum(axis=1, keepdims=True)


def picture(image):
    """A uint8 picture at the model's size and number of channels."""
    height, width, channels = SHAPE
    if image.shape[2] == 3 and channels == 1:
        parts = image.astype(int)
        grey = 299 * parts[..., 0] + 587 * parts[..., 1] + 114 * parts[..., 2]
        image = ((grey + 500) // 1000)[..., None].astype(np.uint8)
    if image.shape[:2] != (height, width):
        rows, columns = weights(image.shape[0], height), weights(image.shape[1], width)
        sized = np.einsum("hi,ijc,wj->hwc", rows, image.astype(float), columns)
        image = np.clip(np.floor(sized + 0.501), 0, 255).astype(np.uint8)
    return np.repeat(image, 3, axis=2) if image.shape[2] < channels else image
'''

READ_FOLDER = '''
def folders(path):
    """The folders inside, in natural order."""
    inside = [entry for entry in path.iterdir() if entry.is_dir()]
    seen = [entry for entry in inside if not entry.name.startswith(".")]
    return sorted(seen, key=lambda entry: natural(entry.name))


def decoded(path):
    """A picture file as uint8 RGB; None where it cannot be read."""
    try:
        with Image.open(path) as image:
            if image.mode.startswith("I"):
                high = np.clip(np.asarray(image).astype(int), 0, 65535) >> 8
                return np.repeat(high.astype(np.uint8)[..., None], 3, axis=2)
            image.info.pop("transparency", None)
            return np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError):
        return None


def read_pictures():
    """All pictures, the number of each one's class, and the part it came in."""
    root = Path(DATA)
    while not any(entry.name in (*CLASSES, *PARTS) for entry in folders(root)):
        root = folders(root)[0]
    parted = [entry for entry in folders(root) if entry.name.lower() in PARTS]
    apart = any(PARTS[entry.name.lower()] == 0 for entry in parted)
    images, labels, given = [], [], []
    for group in parted if apart else [root]:
        for folder in folders(group):
            for place, inner, names in os.walk(folder):
                inner[:] = sorted((n for n in inner if n[0] != "."), key=natural)
                for name in sorted(names, key=natural):
                    suffix = Path(name).suffix.lower()
                    if suffix not in SUFFIXES or name.startswith("."):
                        continue
                    image = decoded(Path(place, name))
                    if image is not None and folder.name in CLASSES:
                        images.append(picture(image))
                        labels.append(CLASSES.index(folder.name))
                        given.append(PARTS[group.name.lower()] if apart else -1)
    return np.stack(images), np.array(labels), np.array(given) if apart else None
'''

_BATCHES = '''
class Batches(keras.utils.PyDataset):
    """Every sample once an epoch, in an order that follows from seed and epoch."""

    def __init__(self, {names}):
        super().__init__()
        {kept} = {names}, 0
        self.reorder()

    def reorder(self):
        generator = np.random.default_rng((SEED, self.epoch))
        self.order = generator.permutation(len(self.x)).astype(np.int32)

    def __len__(self):
        return -(-len(self.x) // BATCH_SIZE)

    def __getitem__(self, batch):
        rows = self.order[batch * BATCH_SIZE : (batch + 1) * BATCH_SIZE]
        return inputs_of(self.x[rows]), targets_of(self.y[rows]){more}

    def on_epoch_end(self):
        self.epoch += 1
        self.reorder()
'''


def batches(*, weighed: bool) -> str:
    """The class that hands out an epoch's batches, with each sample's weight where there are such."""
    names = ("x", "y", "w") if weighed else ("x", "y")
    kept = ", ".join([*(f"self.{name}" for name in names), "self.epoch"])
    return _BATCHES.format(names=", ".join(names), kept=kept, more=", self.w[rows]" if weighed else "")


ADAPT = """# These layers learn from what reaches them of the training part.
for name in ADAPTED:
    layer = model.get_layer(name)
    before = keras.Model(model.inputs, layer.input)
    some = x_train[:: max(1, len(x_train) // 20_000)]
    layer.adapt(before.predict(inputs_of(some), verbose=0))
"""
