import module fluxion;

/**
 * What the benchmark's row "first" times: the first gradient of a method of some 200 lines, in a
 * JVM that has computed one small gradient before. The argument says of which method: orbits, rates
 * or cells.
 */
void main(String[] arguments) {
  Grad.gradient(x -> x * x, 1.0);
  double[] at = new double[24];
  for (int i = 0; i < at.length; i++) {
    at[i] = 0.3 + 0.05 * i;
  }
  long start = System.nanoTime();
  double[] gradient =
      switch (arguments[0]) {
        case "orbits" -> Grad.gradient(a -> orbits(a), at);
        case "rates" -> Grad.gradient(a -> rates(a), at);
        default -> Grad.gradient(a -> cells(a), at);
      };
  double ms = (System.nanoTime() - start) / 1e6;
  double squares = 0;
  for (double g : gradient) {
    squares += g * g;
  }
  IO.println(ms);
  IO.println(Math.sqrt(squares));
}

static double square(double x) {
  return x * x;
}

static double softPlus(double x) {
  return x > 30 ? x : Math.log1p(Math.exp(x));
}

static double sigmoid(double x) {
  return 1 / (1 + Math.exp(-x));
}

static double clamp(double x, double low, double high) {
  if (x < low) {
    return low;
  }
  return x > high ? high : x;
}

static double dot(double[] a, double[] b) {
  double sum = 0;
  for (int i = 0; i < a.length; i++) {
    sum += a[i] * b[i];
  }
  return sum;
}

/** Bodies that attract each other in a box: loops over arrays. */
static double orbits(double[] start) {
  int n = 4;
  int steps = 20;
  double step = 0.01;
  double softening = 0.05;
  double[] x = new double[n];
  double[] y = new double[n];
  double[] z = new double[n];
  double[] u = new double[n];
  double[] v = new double[n];
  double[] w = new double[n];
  double[] mass = new double[n];
  for (int i = 0; i < n; i++) {
    x[i] = start[6 * i];
    y[i] = start[6 * i + 1];
    z[i] = start[6 * i + 2];
    u[i] = start[6 * i + 3] * 0.1;
    v[i] = start[6 * i + 4] * 0.1;
    w[i] = start[6 * i + 5] * 0.1;
    mass[i] = softPlus(x[i] + y[i] + z[i]);
  }
  double lost = 0;
  double closest = 1e9;
  int bounces = 0;
  for (int t = 0; t < steps; t++) {
    double[] ax = new double[n];
    double[] ay = new double[n];
    double[] az = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        double dx = x[j] - x[i];
        double dy = y[j] - y[i];
        double dz = z[j] - z[i];
        double r2 = square(dx) + square(dy) + square(dz) + softening;
        double r = Math.sqrt(r2);
        if (r < closest) {
          closest = r;
        }
        double pull = 1 / (r2 * r);
        if (r > 2) {
          pull *= Math.exp(2 - r);
        } else if (r < 0.2) {
          pull -= 0.1 * square(0.2 - r);
        }
        ax[i] += mass[j] * pull * dx;
        ay[i] += mass[j] * pull * dy;
        az[i] += mass[j] * pull * dz;
        ax[j] -= mass[i] * pull * dx;
        ay[j] -= mass[i] * pull * dy;
        az[j] -= mass[i] * pull * dz;
      }
    }
    for (int i = 0; i < n; i++) {
      double speed = Math.sqrt(square(u[i]) + square(v[i]) + square(w[i]) + 1e-9);
      double drag = 0.05;
      if (speed > 1) {
        drag = 0.05 * speed;
      }
      u[i] += step * (ax[i] - drag * u[i]);
      v[i] += step * (ay[i] - drag * v[i]);
      w[i] += step * (az[i] - drag * w[i]);
      lost += drag * square(speed) * step * mass[i];
      x[i] += step * u[i];
      y[i] += step * v[i];
      z[i] += step * w[i];
      if (x[i] > 1.5) {
        x[i] = 3 - x[i];
        u[i] = -0.9 * u[i];
        bounces++;
      } else if (x[i] < 0) {
        x[i] = -x[i];
        u[i] = -0.9 * u[i];
        bounces++;
      }
      if (y[i] > 1.5) {
        y[i] = 3 - y[i];
        v[i] = -0.9 * v[i];
        bounces++;
      } else if (y[i] < 0) {
        y[i] = -y[i];
        v[i] = -0.9 * v[i];
        bounces++;
      }
      if (z[i] > 1.5) {
        z[i] = 3 - z[i];
        w[i] = -0.9 * w[i];
        bounces++;
      } else if (z[i] < 0) {
        z[i] = -z[i];
        w[i] = -0.9 * w[i];
        bounces++;
      }
    }
    if (bounces > 100) {
      break;
    }
  }
  double kinetic = 0;
  double potential = 0;
  double lx = 0;
  double ly = 0;
  double lz = 0;
  double total = 0;
  double cx = 0;
  double cy = 0;
  double cz = 0;
  for (int i = 0; i < n; i++) {
    kinetic += 0.5 * mass[i] * (square(u[i]) + square(v[i]) + square(w[i]));
    lx += mass[i] * (y[i] * w[i] - z[i] * v[i]);
    ly += mass[i] * (z[i] * u[i] - x[i] * w[i]);
    lz += mass[i] * (x[i] * v[i] - y[i] * u[i]);
    total += mass[i];
    cx += mass[i] * x[i];
    cy += mass[i] * y[i];
    cz += mass[i] * z[i];
    for (int j = 0; j < i; j++) {
      double dx = x[j] - x[i];
      double dy = y[j] - y[i];
      double dz = z[j] - z[i];
      double r = Math.sqrt(square(dx) + square(dy) + square(dz) + softening);
      potential -= mass[i] * mass[j] / r;
    }
  }
  cx /= total;
  cy /= total;
  cz /= total;
  double spread = 0;
  for (int i = 0; i < n; i++) {
    double away = square(x[i] - cx) + square(y[i] - cy) + square(z[i] - cz);
    switch (i % 3) {
      case 0 -> spread += away;
      case 1 -> spread += Math.sqrt(away + 1e-6);
      default -> spread += Math.log1p(away);
    }
  }
  double[] longest = new double[3];
  for (int i = 0; i < n; i++) {
    longest[0] = Math.max(longest[0], Math.abs(x[i] - cx));
    longest[1] = Math.max(longest[1], Math.abs(y[i] - cy));
    longest[2] = Math.max(longest[2], Math.abs(z[i] - cz));
  }
  double box = longest[0] * longest[1] * longest[2];
  double mean = 0;
  double variance = 0;
  for (int i = 0; i < n; i++) {
    double speed = Math.sqrt(square(u[i]) + square(v[i]) + square(w[i]));
    double old = mean;
    mean += (speed - mean) / (i + 1);
    variance += (speed - old) * (speed - mean);
  }
  double skew = 0;
  double scale = Math.sqrt(variance / n + 1e-6);
  for (int i = 0; i < n; i++) {
    double speed = Math.sqrt(square(u[i]) + square(v[i]) + square(w[i]));
    double deviation = (speed - mean) / scale;
    skew += deviation * deviation * deviation;
  }
  double tilt = Math.atan2(Math.sqrt(lx * lx + ly * ly + 1e-9), lz);
  double energy = kinetic + potential;
  if (energy > 0) {
    energy = Math.log1p(energy);
  } else {
    energy = -Math.log1p(-energy);
  }
  double score = energy + 0.1 * lost;
  score += 0.01 * tilt + spread;
  score += 0.5 * box;
  score += 0.1 * skew / n;
  if (closest < 0.5) {
    score += square(0.5 - closest);
  }
  double path = 0;
  int at = 0;
  while (at < n - 1) {
    double dx = x[at + 1] - x[at];
    double dy = y[at + 1] - y[at];
    double dz = z[at + 1] - z[at];
    path += Math.sqrt(dx * dx + dy * dy + dz * dz + 1e-9);
    at++;
  }
  score += 0.2 * path;
  score += 0.1 * (dot(x, u) + dot(y, v) + dot(z, w));
  score += 0.001 * bounces;
  return score;
}

/** Chemical rates: mostly long formulas of numbers. */
static double rates(double[] start) {
  double water = start[0] + 0.1 * start[10];
  double salt = start[1] + 0.1 * start[11];
  double acid = start[2] + 0.1 * start[12];
  double base = start[3] + 0.1 * start[13];
  double metal = start[4] + 0.1 * start[14];
  double oxide = start[5] + 0.1 * start[15];
  double gas = start[6] + 0.1 * start[16];
  double ash = start[7] + 0.1 * start[17];
  double fuel = start[8] + 0.1 * start[18];
  double soot = start[9] + 0.1 * start[19];
  double heat = start[20] + 1;
  double pressure = start[21];
  double light = softPlus(start[22]);
  double time = start[23] * 0.01;
  for (int round = 0; round < 5; round++) {
    double rate0 = 0.8 * base * fuel * Math.exp(-5 / (heat + 2));
    if (rate0 > acid) {
      rate0 = acid * 0.3;
    }
    base -= rate0 * time;
    fuel -= 0.5 * rate0 * time;
    acid += 0.7 * rate0 * time;
    heat += rate0 * time * (ash - 0.1);
    double rate1 = 0.8 * ash * metal * Math.exp(-5 / (heat + 2));
    rate1 /= 1 + square(base);
    ash -= rate1 * time;
    metal -= 0.5 * rate1 * time;
    base += 0.7 * rate1 * time;
    if (heat > 3) {
      heat -= 0.1 * (heat - 3);
      pressure *= 0.99;
    } else {
      pressure += 0.001 * ash;
    }
    double rate2 = 0.3 * fuel * ash * Math.exp(-2 / (heat + 2));
    rate2 += 0.01 * sigmoid(gas - oxide) * light;
    fuel -= rate2 * time;
    ash -= 0.5 * rate2 * time;
    gas += 0.7 * rate2 * time;
    double rate3 = 0.1 * acid * fuel * Math.exp(-1 / (heat + 2));
    rate3 = clamp(rate3, 0.001, 0.9);
    acid -= rate3 * time;
    fuel -= 0.5 * rate3 * time;
    gas += 0.7 * rate3 * time;
    heat += rate3 * time * (oxide - 0.3);
    double rate4 = 0.1 * soot * water * Math.exp(-3 / (heat + 2));
    rate4 *= pressure > 0.5 ? 1 + 0.1 * pressure : 1.05;
    soot -= rate4 * time;
    water -= 0.5 * rate4 * time;
    metal += 0.7 * rate4 * time;
    double rate5 = 0.8 * ash * gas * Math.exp(-2 / (heat + 2));
    if (rate5 > fuel) {
      rate5 = fuel * 0.7;
    }
    ash -= rate5 * time;
    gas -= 0.5 * rate5 * time;
    fuel += 0.7 * rate5 * time;
    if (heat > 4) {
      heat -= 0.1 * (heat - 4);
      pressure *= 0.99;
    } else {
      pressure += 0.001 * ash;
    }
    double rate6 = 0.4 * salt * water * Math.exp(-3 / (heat + 2));
    rate6 /= 1 + square(acid);
    salt -= rate6 * time;
    water -= 0.5 * rate6 * time;
    acid += 0.7 * rate6 * time;
    heat += rate6 * time * (base - 0.7);
    double rate7 = 0.6 * metal * gas * Math.exp(-5 / (heat + 2));
    rate7 += 0.01 * sigmoid(fuel - soot) * light;
    metal -= rate7 * time;
    gas -= 0.5 * rate7 * time;
    fuel += 0.7 * rate7 * time;
    double rate8 = 0.1 * soot * gas * Math.exp(-3 / (heat + 2));
    rate8 = clamp(rate8, 0.001, 0.9);
    soot -= rate8 * time;
    gas -= 0.5 * rate8 * time;
    base += 0.7 * rate8 * time;
    double rate9 = 0.2 * soot * acid * Math.exp(-2 / (heat + 2));
    rate9 *= pressure > 0.5 ? 1 + 0.1 * pressure : 1.05;
    soot -= rate9 * time;
    acid -= 0.5 * rate9 * time;
    oxide += 0.7 * rate9 * time;
    heat += rate9 * time * (metal - 0.5);
    if (heat > 2) {
      heat -= 0.1 * (heat - 2);
      pressure *= 0.99;
    } else {
      pressure += 0.001 * soot;
    }
    double rate10 = 0.8 * metal * salt * Math.exp(-1 / (heat + 2));
    if (rate10 > fuel) {
      rate10 = fuel * 0.7;
    }
    metal -= rate10 * time;
    salt -= 0.5 * rate10 * time;
    fuel += 0.7 * rate10 * time;
    double rate11 = 0.5 * salt * gas * Math.exp(-4 / (heat + 2));
    rate11 /= 1 + square(acid);
    salt -= rate11 * time;
    gas -= 0.5 * rate11 * time;
    acid += 0.7 * rate11 * time;
    double rate12 = 0.1 * gas * salt * Math.exp(-4 / (heat + 2));
    rate12 += 0.01 * sigmoid(water - metal) * light;
    gas -= rate12 * time;
    salt -= 0.5 * rate12 * time;
    water += 0.7 * rate12 * time;
    heat += rate12 * time * (metal - 0.6);
    double rate13 = 0.5 * fuel * metal * Math.exp(-1 / (heat + 2));
    rate13 = clamp(rate13, 0.001, 0.9);
    fuel -= rate13 * time;
    metal -= 0.5 * rate13 * time;
    base += 0.7 * rate13 * time;
    if (heat > 3) {
      heat -= 0.1 * (heat - 3);
      pressure *= 0.99;
    } else {
      pressure += 0.001 * fuel;
    }
    double rate14 = 0.7 * salt * soot * Math.exp(-3 / (heat + 2));
    rate14 *= pressure > 0.5 ? 1 + 0.1 * pressure : 1.05;
    salt -= rate14 * time;
    soot -= 0.5 * rate14 * time;
    water += 0.7 * rate14 * time;
    double rate15 = 0.1 * soot * metal * Math.exp(-3 / (heat + 2));
    if (rate15 > acid) {
      rate15 = acid * 0.7;
    }
    soot -= rate15 * time;
    metal -= 0.5 * rate15 * time;
    acid += 0.7 * rate15 * time;
    heat += rate15 * time * (oxide - 0.6);
    double rate16 = 0.9 * acid * gas * Math.exp(-4 / (heat + 2));
    rate16 /= 1 + square(fuel);
    acid -= rate16 * time;
    gas -= 0.5 * rate16 * time;
    fuel += 0.7 * rate16 * time;
    double rate17 = 0.9 * soot * fuel * Math.exp(-3 / (heat + 2));
    rate17 += 0.01 * sigmoid(salt - metal) * light;
    soot -= rate17 * time;
    fuel -= 0.5 * rate17 * time;
    salt += 0.7 * rate17 * time;
    if (heat > 4) {
      heat -= 0.1 * (heat - 4);
      pressure *= 0.99;
    } else {
      pressure += 0.001 * soot;
    }
    double rate18 = 0.5 * gas * base * Math.exp(-5 / (heat + 2));
    rate18 = clamp(rate18, 0.001, 0.9);
    gas -= rate18 * time;
    base -= 0.5 * rate18 * time;
    metal += 0.7 * rate18 * time;
    heat += rate18 * time * (fuel - 0.5);
    double rate19 = 0.7 * fuel * oxide * Math.exp(-5 / (heat + 2));
    rate19 *= pressure > 0.5 ? 1 + 0.1 * pressure : 1.05;
    fuel -= rate19 * time;
    oxide -= 0.5 * rate19 * time;
    water += 0.7 * rate19 * time;
    double rate20 = 0.3 * oxide * water * Math.exp(-1 / (heat + 2));
    if (rate20 > gas) {
      rate20 = gas * 0.7;
    }
    oxide -= rate20 * time;
    water -= 0.5 * rate20 * time;
    gas += 0.7 * rate20 * time;
    double rate21 = 0.5 * ash * oxide * Math.exp(-4 / (heat + 2));
    rate21 /= 1 + square(fuel);
    ash -= rate21 * time;
    oxide -= 0.5 * rate21 * time;
    fuel += 0.7 * rate21 * time;
    heat += rate21 * time * (metal - 0.1);
    if (heat > 2) {
      heat -= 0.1 * (heat - 2);
      pressure *= 0.99;
    } else {
      pressure += 0.001 * ash;
    }
    double rate22 = 0.5 * soot * water * Math.exp(-4 / (heat + 2));
    rate22 += 0.01 * sigmoid(fuel - acid) * light;
    soot -= rate22 * time;
    water -= 0.5 * rate22 * time;
    fuel += 0.7 * rate22 * time;
    double rate23 = 0.3 * metal * oxide * Math.exp(-3 / (heat + 2));
    rate23 = clamp(rate23, 0.001, 0.9);
    metal -= rate23 * time;
    oxide -= 0.5 * rate23 * time;
    acid += 0.7 * rate23 * time;
    double rate24 = 0.7 * oxide * metal * Math.exp(-1 / (heat + 2));
    rate24 *= pressure > 0.5 ? 1 + 0.1 * pressure : 1.05;
    oxide -= rate24 * time;
    metal -= 0.5 * rate24 * time;
    fuel += 0.7 * rate24 * time;
    heat += rate24 * time * (gas - 0.1);
    double rate25 = 0.4 * soot * acid * Math.exp(-3 / (heat + 2));
    if (rate25 > metal) {
      rate25 = metal * 0.5;
    }
    soot -= rate25 * time;
    acid -= 0.5 * rate25 * time;
    metal += 0.7 * rate25 * time;
    if (heat > 3) {
      heat -= 0.1 * (heat - 3);
      pressure *= 0.99;
    } else {
      pressure += 0.001 * soot;
    }
    time *= 1 + 0.01 * light;
  }
  double sum = heat * 0.1;
  sum += water * water;
  sum += salt * salt;
  sum += acid * acid;
  sum += base * base;
  sum += metal * metal;
  sum += oxide * oxide;
  sum += gas * gas;
  sum += ash * ash;
  sum += fuel * fuel;
  sum += soot * soot;
  return sum + pressure + Math.log(light);
}

/** A recurrent network over a sequence, by hand: many loops, one after another. */
static double cells(double[] start) {
  int size = 4;
  int length = 8;
  double[] input = new double[length];
  for (int i = 0; i < length; i++) {
    input[i] = start[i];
  }
  double[][] forget = new double[size][size];
  double[][] update = new double[size][size];
  double[][] output = new double[size][size];
  double[][] fresh = new double[size][size];
  for (int i = 0; i < size; i++) {
    for (int j = 0; j < size; j++) {
      forget[i][j] = start[8 + (i * size + j) % 16] * 0.1;
      update[i][j] = start[8 + (i * size + j + 3) % 16] * 0.2;
      output[i][j] = start[8 + (i * size + j + 5) % 16] * 0.3;
      fresh[i][j] = start[8 + (i * size + j + 7) % 16] * 0.4;
    }
  }
  double[] bias = new double[size];
  double[] gain = new double[size];
  double[] shift = new double[size];
  for (int i = 0; i < size; i++) {
    bias[i] = start[8 + i];
    gain[i] = start[12 + i];
    shift[i] = start[16 + i];
  }
  double[] hidden = new double[size];
  double[] memory = new double[size];
  double[][] states = new double[length][];
  double penalty = 0;
  for (int t = 0; t < length; t++) {
    double[] f = new double[size];
    double[] i = new double[size];
    double[] o = new double[size];
    double[] g = new double[size];
    for (int r = 0; r < size; r++) {
      double sumF = bias[r];
      double sumI = bias[r];
      double sumO = bias[r];
      double sumG = bias[r];
      for (int c = 0; c < size; c++) {
        sumF += forget[r][c] * hidden[c];
        sumI += update[r][c] * hidden[c];
        sumO += output[r][c] * hidden[c];
        sumG += fresh[r][c] * hidden[c];
      }
      f[r] = sigmoid(sumF + input[t]);
      i[r] = sigmoid(sumI - input[t]);
      o[r] = sigmoid(sumO + 0.5 * input[t]);
      g[r] = Math.tanh(sumG + input[t]);
    }
    double mean = 0;
    for (int r = 0; r < size; r++) {
      memory[r] = f[r] * memory[r] + i[r] * g[r];
      mean += memory[r];
    }
    mean /= size;
    double variance = 0;
    for (int r = 0; r < size; r++) {
      variance += square(memory[r] - mean);
    }
    double scale = 1 / Math.sqrt(variance / size + 1e-5);
    double[] next = new double[size];
    for (int r = 0; r < size; r++) {
      double normal = (memory[r] - mean) * scale;
      next[r] = o[r] * Math.tanh(gain[r] * normal + shift[r]);
      if (Math.abs(next[r]) > 0.9) {
        penalty += square(next[r]) - 0.81;
      } else if (next[r] < 0) {
        penalty -= 0.01 * next[r];
      }
    }
    hidden = next;
    states[t] = next;
  }
  double[] scores = new double[length];
  double largest = -1e9;
  for (int t = 0; t < length; t++) {
    scores[t] = dot(states[t], hidden) / Math.sqrt(size);
    if (scores[t] > largest) {
      largest = scores[t];
    }
  }
  double total = 0;
  for (int t = 0; t < length; t++) {
    scores[t] = Math.exp(scores[t] - largest);
    total += scores[t];
  }
  double[] context = new double[size];
  for (int t = 0; t < length; t++) {
    double weight = scores[t] / total;
    for (int r = 0; r < size; r++) {
      context[r] += weight * states[t][r];
    }
  }
  double entropy = 0;
  for (int t = 0; t < length; t++) {
    double p = scores[t] / total;
    entropy -= p * Math.log(p + 1e-12);
  }
  double[] logits = new double[3];
  for (int k = 0; k < 3; k++) {
    double sum = 0.1 * k;
    for (int r = 0; r < size; r++) {
      switch (k) {
        case 0 -> sum += context[r] * gain[r];
        case 1 -> sum += context[r] * shift[r] - 0.1 * hidden[r];
        default -> sum += hidden[r] * bias[r];
      }
    }
    logits[k] = sum;
  }
  double top = Math.max(logits[0], Math.max(logits[1], logits[2]));
  double partition = 0;
  for (double logit : logits) {
    partition += Math.exp(logit - top);
  }
  double loss = top + Math.log(partition) - logits[1];
  double decay = 0;
  for (int i = 0; i < size; i++) {
    for (int j = 0; j < size; j++) {
      decay += square(forget[i][j]) + square(update[i][j]);
      decay += square(output[i][j]) + square(fresh[i][j]);
      if (i == j) {
        decay += 0.1 * Math.abs(forget[i][j]);
      }
    }
  }
  double smooth = 0;
  for (int t = 1; t < length; t++) {
    double distance = 0;
    for (int r = 0; r < size; r++) {
      distance += square(states[t][r] - states[t - 1][r]);
    }
    if (distance > 0.01) {
      smooth += Math.sqrt(distance);
    } else {
      smooth += 5 * distance + 0.05;
    }
  }
  double[] sums = new double[length + 1];
  for (int t = 0; t < length; t++) {
    sums[t + 1] = sums[t] + input[t];
  }
  double window = 0;
  for (int t = 3; t <= length; t++) {
    double average = (sums[t] - sums[t - 3]) / 3;
    window += softPlus(average) * 0.1;
  }
  double[][] product = new double[size][size];
  for (int i = 0; i < size; i++) {
    for (int j = 0; j < size; j++) {
      double sum = 0;
      for (int k = 0; k < size; k++) {
        sum += forget[i][k] * output[k][j];
      }
      product[i][j] = sum;
    }
  }
  double trace = 0;
  for (int i = 0; i < size; i++) {
    trace += product[i][i];
  }
  double power = 1;
  for (int i = 0; i < size; i++) {
    double row = 0;
    for (int j = 0; j < size; j++) {
      row += product[i][j] * (j % 2 == 0 ? 1 : -1);
    }
    power *= 1 + 0.1 * row;
  }
  loss += 0.001 * decay;
  loss += 0.1 * smooth;
  loss += 0.01 * penalty;
  loss += 0.02 * entropy + window;
  loss += 0.05 * trace;
  loss += 0.03 * power;
  return loss;
}
