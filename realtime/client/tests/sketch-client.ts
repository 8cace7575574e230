// The client that the first sketch of the service showed, kept as it was: the server must serve it unchanged.
// A test replaces the host of its URL, strips the types and runs it. Only the `declare` lines were added.
declare const projectId: string;
declare const accessToken: string;
declare function updateProgressBar(progress: number): void;
declare function updateStatusMessage(message: string): void;
declare function updateGenerationUI(data: any): void;
declare function handleOperationComplete(operation: string, result: any): void;
declare function showErrorNotification(error: string): void;

// Frontend WebSocket client

class ProjectWebSocket {
  private ws: WebSocket | null = null;
  private projectId: string;
  private token: string;

  constructor(projectId: string, token: string) {
    this.projectId = projectId;
    this.token = token;
  }

  connect(onMessage: (data: any) => void) {
    const url = `ws://api/ws/projects/${this.projectId}?token=${this.token}`;
    this.ws = new WebSocket(url);

    this.ws.onopen = () => {
      console.log('WebSocket connected');
      // Send periodic ping to keep alive
      setInterval(() => {
        this.ws?.send('ping');
      }, 30000); // Every 30 seconds
    };

    this.ws.onmessage = (event) => {
      const data = JSON.parse(event.data);
      onMessage(data);
    };

    this.ws.onerror = (error) => {
      console.error('WebSocket error:', error);
    };

    this.ws.onclose = () => {
      console.log('WebSocket disconnected');
      // Implement reconnection logic
    };
  }

  disconnect() {
    this.ws?.close();
  }
}

// Usage
const ws = new ProjectWebSocket(projectId, accessToken);
ws.connect((data) => {
  switch (data.type) {
    case 'rc_analysis_progress':
      updateProgressBar(data.progress);
      updateStatusMessage(data.message);
      break;

    case 'generation_progress':
      updateGenerationUI(data);
      break;

    case 'completion':
      handleOperationComplete(data.operation, data.result);
      break;

    case 'error':
      showErrorNotification(data.error);
      break;
  }
});
