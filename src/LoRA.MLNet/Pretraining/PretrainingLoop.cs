using System.Diagnostics;
using System.Globalization;
using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Torch;
using LoRA.MLNet.Training;
using TorchSharp;

namespace LoRA.MLNet.Pretraining;

/// <summary>Learns from segments of text, batch after batch, and can be interrupted at any step and continued to the same result.</summary>
internal sealed class PretrainingLoop<TRow> : IDisposable
    where TRow : class
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    private const double MaxGradNorm = 1;

    // the schedule counts whole steps: parts of the run stand in for them
    private const int ScheduleParts = 1 << 24;

    private readonly PretrainingOptions _options;
    private readonly IPretrainingTask<TRow> _task;
    private readonly SegmentStore _segments;
    private readonly BatchStream<TRow> _batches;
    private readonly AdamW _optimizer;
    private readonly LearningRateSchedule _schedule;
    private readonly string _checkpoint;
    private readonly Stopwatch _time = new();
    private PretrainingState _state;
    private double? _heldOut;

    private PretrainingLoop(PretrainingOptions options, IPretrainingTask<TRow> task, SegmentStore segments, string checkpoint)
    {
        (_options, _task, _segments, _checkpoint) = (options, task, segments, checkpoint);
        _batches = new BatchStream<TRow>(segments, task, options.BatchTokens, options.Seed);
        _optimizer = new AdamW(Groups(task.Weights, options), Beta1, Beta2, Epsilon);
        _schedule = new LearningRateSchedule(LearningRateDecay.Cosine, ScheduleParts, (int)(options.WarmupFraction * ScheduleParts));
        _state = new PretrainingState(Fingerprint, 0, 0, 0, default, null);
    }

    private string Fingerprint => string.Create(
        CultureInfo.InvariantCulture,
        $"{_task.Fingerprint} texts {_segments.Sha256} batches {_options.BatchTokens} rate {_options.LearningRate} {_options.WarmupFraction} "
        + $"decay {_options.WeightDecay} seed {_options.Seed}");

    private double Seconds => _state.Seconds + _time.Elapsed.TotalSeconds;

    private double Fraction => _options is { Tokens: null, Minutes: null }
        ? _batches.Epochs
        : Math.Max(_state.Tokens / (double?)_options.Tokens ?? 0, Seconds / (60 * _options.Minutes) ?? 0);

    /// <summary>Trains on the calling thread, continuing from the checkpoint where there is one.</summary>
    /// <param name="options">Settings, already checked.</param>
    /// <param name="task">What is learned; its weights hold the result.</param>
    /// <param name="segments">The texts.</param>
    /// <param name="checkpoint">The file of the checkpoint, written every few minutes, on cancellation and at the end.</param>
    /// <param name="precision">For the report.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Stops after the running step.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; the checkpoint continues it.</exception>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is no longer finite.</exception>
    public static PretrainingReport Run(
        PretrainingOptions options,
        IPretrainingTask<TRow> task,
        SegmentStore segments,
        string checkpoint,
        PrecisionChoice precision,
        IProgress<PretrainingProgress>? progress,
        CancellationToken cancellation)
    {
        using var threads = TorchThreads.Hold(options.Threads);
        using var fast = FastFloat32.Hold();
        using var memory = TensorMemory.Hold();
        using var loop = new PretrainingLoop<TRow>(options, task, segments, checkpoint);
        loop.Begin();
        loop.Train(progress, cancellation);
        return loop.Report(precision);
    }

    public void Dispose() => _optimizer.Dispose();

    private void Begin()
    {
        if (File.Exists(_checkpoint))
        {
            _state = PretrainingCheckpoint.Load(_checkpoint, Fingerprint, _task.Weights, _optimizer);
            _batches.Position = _state.Position;
        }

        _heldOut = Measure();
        _state = _state.Step == 0 ? _state with { HeldOutAtStart = _heldOut } : _state;
    }

    private void Train(IProgress<PretrainingProgress>? progress, CancellationToken cancellation)
    {
        var (first, saved) = (_state.Tokens, TimeSpan.Zero);
        _time.Start();
        while (Fraction < 1)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save();
                cancellation.ThrowIfCancellationRequested();
            }

            var loss = Step();
            if (_time.Elapsed - saved > TimeSpan.FromMinutes(_options.CheckpointMinutes))
            {
                _heldOut = Measure();
                Save();
                saved = _time.Elapsed;
            }

            progress?.Report(Progress(loss, first));
        }

        _heldOut = Measure();
        Save();
    }

    private double Step()
    {
        using var scope = torch.NewDisposeScope();
        var rate = _schedule.At((int)(Fraction * ScheduleParts));
        var rows = _batches.Next();
        _optimizer.ZeroGradients();
        var loss = _task.Loss(rows, _state.Step);
        loss.backward();
        var (value, norm) = (loss.item<float>(), _optimizer.ClipGradients(MaxGradNorm));
        if (!float.IsFinite(value) || !double.IsFinite(norm))
        {
            throw new TrainingDivergedException(string.Create(
                CultureInfo.InvariantCulture,
                $"Training diverged in step {_state.Step + 1}: the loss is {value}, the gradient's norm {norm}; both must be finite. "
                + $"Try a lower LearningRate (found {_options.LearningRate}) or Precision = Float32."));
        }

        _optimizer.Step(rate);
        _state = _state with { Step = _state.Step + 1, Tokens = _state.Tokens + rows.Sum(_task.Length), Position = _batches.Position };
        return value;
    }

    private double? Measure()
    {
        using var noGradient = torch.no_grad();
        var (sum, count) = (0.0, 0);
        foreach (var rows in _batches.HeldOut)
        {
            using var scope = torch.NewDisposeScope();
            var (mean, of) = _task.Measure(rows);
            sum += mean * of;
            count += of;
        }

        return count == 0 ? null : sum / count;
    }

    private void Save()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_checkpoint)!);
        PretrainingCheckpoint.Save(_checkpoint, _state with { Seconds = Seconds }, _task.Weights, _optimizer);
    }

    private PretrainingProgress Progress(double loss, long first)
    {
        var fraction = Math.Min(1, Fraction);
        var rate = (_state.Tokens - first) / _time.Elapsed.TotalSeconds;
        var left = TimeSpan.FromSeconds(Seconds / fraction * (1 - fraction));
        return new PretrainingProgress(_state.Step, _state.Tokens, rate, loss, _heldOut, fraction, left);
    }

    private PretrainingReport Report(PrecisionChoice precision) => new()
    {
        Segments = _segments.Count,
        Epochs = _batches.Epochs,
        Steps = _state.Step,
        Tokens = _state.Tokens,
        Seconds = Seconds,
        HeldOutAtStart = _state.HeldOutAtStart,
        HeldOut = _heldOut,
        Precision = precision.Precision,
        PrecisionReason = precision.Reason,
    };

    // vectors are biases and LayerNorm weights
    private static ParameterGroup[] Groups(TorchWeights weights, PretrainingOptions options) => [.. weights.Trainable
        .OrderBy(entry => entry.Key, StringComparer.Ordinal)
        .GroupBy(entry => entry.Value.dim() > 1)
        .Select(group => new ParameterGroup(
            [.. group.Select(entry => entry.Value)], options.LearningRate, group.Key ? options.WeightDecay : 0))];
}
